"""Verifying: is everything that was sealed still there as it was, and is there nothing besides?

The manifests are read into an index on disk, then every file is read once, a piece at a time.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.lib

from extractors import evidence
from extractors.custody.chain import Chain, read_chain
from extractors.custody.index import Index, Listed
from extractors.custody.manifest import Line, file_sha256, manifests
from extractors.custody.seal import Group, evidence_rows, landed_groups, table_of
from extractors.landing import SCHEMAS
from extractors.shards import frozen_run
from settings import Settings

Advance = Callable[[int, int], None]  # (files done, files in all)


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it was sealed.

    ``evidence``: hashes of everything that belongs to the looks concerned, whose findings are touched.
    ``period``: set where a whole quarter rests on the file (its registry).
    """

    what: str
    evidence: frozenset[str] = frozenset()
    subjects: tuple[str, ...] = ()
    period: str = ""


@dataclass(slots=True)
class Verification:
    """``unsealed``: what has not been sealed yet, in words; that is no damage. ``head``: see ``Chain``."""

    head: str = ""
    manifests: int = 0
    files: int = 0
    damages: list[Damage] = field(default_factory=list)
    unsealed: list[str] = field(default_factory=list)


def verify(settings: Settings, advance: Advance = lambda _done, _of: None) -> Verification:
    """Verify all that lies under the data directory. Nothing is changed or repaired."""
    index = Index()
    try:
        return _Verifier(settings, index).run(advance)
    finally:
        index.close()


class _Verifier:
    def __init__(self, settings: Settings, index: Index) -> None:
        self._settings = settings
        self._root = settings.root
        self._index = index
        self._chain = Chain()
        self._found = Verification()
        self._unlisted: dict[str, str] = {}  # rows that a damaged manifest no longer has: hash → manifest

    def run(self, advance: Advance) -> Verification:
        self._chain = read_chain(manifests(self._settings), self._index)
        self._index.ready()
        found = self._found
        found.head, found.manifests = self._chain.head, self._chain.manifests
        found.damages += [Damage(what) for what in self._chain.damages]
        self._landing()
        self._runs_under_way()
        total = self._index.count()
        for done, listed in enumerate(self._index.files(), start=1):
            self._check(listed)
            advance(done, total)
        found.files = total
        self._store()
        return found

    # what is sealed

    def _check(self, listed: Listed) -> None:
        path = self._root / listed.path
        try:
            hashes = evidence.hashes(path) if listed.sha256 else None
            stored = hashes.stored if hashes else file_sha256(path)
        except FileNotFoundError:
            self._damaged(listed, f"缺失：{listed.path}")
            return
        except OSError as error:
            self._damaged(listed, f"读不出：{listed.path}（{error.strerror}）")
            return
        if hashes is not None and hashes.content != listed.sha256:
            self._damaged(listed, f"被改动：{listed.path} 的内容与其哈希不符")
        elif stored != listed.file_sha256 and listed.manifest in self._chain.doubtful:
            self._damaged(listed, f"清单 {listed.manifest} 中 {listed.path} 一行被改动，或文件与清单都被改动")
        elif stored != listed.file_sha256:
            self._damaged(listed, f"被改动：{listed.path} 与封存时不同")

    def _damaged(self, listed: Listed, what: str) -> None:
        if listed.sha256:
            self._found.damages.append(self._touching(what, listed.sha256))
            return
        path = Path(listed.path)
        if table_of(path).startswith("registry_"):
            self._found.damages.append(Damage(what, period=path.parts[-3].partition("=")[2]))
        else:
            touched = self._index.of_shard(listed.manifest, listed.shard)
            self._found.damages.append(Damage(what, touched))

    def _touching(self, what: str, sha256: str) -> Damage:
        return Damage(what, self._index.of_same_looks(sha256), tuple(self._index.subjects(sha256)))

    # what lies there besides

    def _landing(self) -> None:
        """Landed files that no manifest lists, and the evidence that unsealed ones rest on."""
        for group in landed_groups(self._settings.landing):
            manifest = self._chain.groups.get(group.key)
            if manifest is None and not self._planned(group):
                for path in group.files:
                    name = path.relative_to(self._root).as_posix()
                    self._found.damages.append(Damage(f"多出：{name} 不属于任何采集"))
                continue
            if manifest is None:
                state = "" if group.is_whole else "，尚未写完"
                self._found.unsealed.append(f"采集 {group.run_id} 的 {group.shard}（{group.period}{state}）")
                self._index.expect(row["sha256"] for row in _rows(group))
                continue
            for path in group.files:
                name = path.relative_to(self._root).as_posix()
                if not self._index.lists(name):
                    said = "登记被删" if manifest in self._chain.doubtful else "多出"
                    self._found.damages.append(Damage(f"{said}：{name} 不在清单 {manifest} 中"))
            if manifest in self._chain.doubtful:
                self._lost_lines(group, manifest)
        known = {path for group in landed_groups(self._settings.landing) for path in group.files}
        for path in sorted(self._settings.landing.rglob("*")):
            if path.is_file() and path not in known and not path.name.startswith("."):
                name = path.relative_to(self._root).as_posix()
                self._found.damages.append(Damage(f"多出：{name} 不是落地文件"))

    def _planned(self, group: Group) -> bool:
        """Whether a run that is not sealed yet has a shard of that name. Only captures have a plan."""
        if not {table_of(path) for path in group.files} & set(SCHEMAS):
            return True
        run = frozen_run(self._settings, group.run_id)
        return run is not None and group.shard in {shard.name for shard in run.shards}

    def _lost_lines(self, group: Group, manifest: str) -> None:
        """The landed rows know which lines a changed manifest must have had."""
        for row in _rows(group):
            if not self._index.lists_row(row):
                whose = f"{row['subject_id']} 的 {row['role']} {row['sha256']}"
                what = f"清单 {manifest} 少了一行，或该行被改动：{whose}"
                touched = self._index.of_same_looks(row["sha256"])
                self._found.damages.append(Damage(what, touched, (row["subject_id"],)))
                self._unlisted[row["sha256"]] = manifest

    def _runs_under_way(self) -> None:
        """A shard moves its evidence into the store just before it lands."""
        for spooled in self._settings.runs.glob("*/*/*.json"):
            try:
                rows = json.loads(spooled.read_bytes()).get("evidence", [])
            except (OSError, ValueError, AttributeError):
                continue  # landed and removed meanwhile
            self._index.expect(row["sha256"] for row in rows)

    def _store(self) -> None:
        """Objects that no manifest lists."""
        for filed in evidence.stored_files(self._settings.evidence):
            name, sha256 = filed.relative_to(self._root).as_posix(), filed.name.partition(".")[0]
            if self._index.lists(name) or sha256 in self._unlisted:
                continue
            if not self._index.is_pending(sha256):
                self._found.damages.append(Damage(f"多出：{name} 不在任何清单中，也没有采集提到它"))
            elif (self._content(filed)) != sha256:
                self._found.damages.append(Damage(f"被改动：{name} 的内容与其哈希不符（尚未封存）"))
        folder = self._settings.evidence
        shelves = {path.name for path in folder.glob("[0-9a-f][0-9a-f]")} | {manifests(self._settings).name}
        for path in sorted(folder.glob("*")) if folder.exists() else []:
            if path.name not in shelves:
                self._found.damages.append(Damage(f"多出：evidence/{path.name}"))

    @staticmethod
    def _content(filed: Path) -> str | None:
        try:
            return evidence.hashes(filed).content
        except OSError:
            return None


def _rows(group: Group) -> Iterator[Line]:
    """A group's evidence rows; none where its file cannot be read, which is said of the file itself."""
    try:
        yield from evidence_rows(group)
    except (OSError, pyarrow.lib.ArrowException):
        return


def touched_evidence(damages: Iterable[Damage]) -> frozenset[str]:
    """Every hash that some damage concerns."""
    return frozenset().union(*(damage.evidence for damage in damages))
