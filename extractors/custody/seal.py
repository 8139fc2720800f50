"""Sealing: list what a run has landed, by hash, in a new manifest that names the manifest before it.

A run is sealed when its shards are through (``xunjian capture``, ``captures-summary``), a registry snapshot
when it has landed. A seal is never changed: shards that land later are sealed by a further manifest.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from errors import UserError
from extractors import evidence
from extractors.custody.manifest import (
    LOCK,
    PATTERN,
    SUMS,
    Line,
    Link,
    file_sha256,
    links,
    manifests,
    read_head,
    write_lines,
)
from extractors.files import write_whole
from extractors.landing import REGISTRY_SCHEMAS, SCHEMAS
from settings import Settings

_WAIT_SECONDS = 600.0
# Tables that are whole only where the last of them lies too. Other tables stand by themselves.
_MARK = dict.fromkeys(SCHEMAS, "captures") | dict.fromkeys(REGISTRY_SCHEMAS, "registry_plan")


@dataclass(frozen=True, slots=True)
class NamesEvidence:
    """A table that names evidence without a look: what the evidence is, and the column that says whose."""

    role: str
    subject: str


_NAMES_EVIDENCE = {
    "registry_manual_findings": NamesEvidence("reviewer", "subject_id"),
    "probes": NamesEvidence("probe", "site_code"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """The landed files of one shard of one run."""

    period: str
    run_id: str
    shard: str
    files: tuple[Path, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        return self.period, self.run_id, self.shard

    @property
    def is_whole(self) -> bool:
        tables = {table_of(path) for path in self.files}
        return all(_MARK.get(table, table) in tables for table in tables)


@dataclass(frozen=True, slots=True)
class Seal:
    """What was sealed just now. ``sha256`` is the new head: whoever notes it down can hold us to it."""

    manifest: str
    sha256: str
    files: int
    objects: int

    def __str__(self) -> str:
        listed = f"落地文件 {self.files} 个，证据登记 {self.objects} 条"
        return f"已封存：{listed}；链头 {self.manifest} {self.sha256}"


def table_of(path: Path) -> str:
    return path.parts[-4]


def landed_groups(landing: Path, run_id: str = "*") -> list[Group]:
    """What has landed, by shard, oldest run first, whole or not."""
    found: dict[tuple[str, str, str], list[Path]] = {}
    for path in sorted(landing.glob(f"*/period=*/run={run_id}/shard=*.parquet")):
        period, run, shard = (part.partition("=")[2] for part in path.with_suffix("").parts[-3:])
        found.setdefault((period, run, shard), []).append(path)
    return [Group(*key, tuple(files)) for key, files in sorted(found.items(), key=lambda item: item[0][1])]


def seal(settings: Settings, run_id: str | None = None) -> list[Seal]:
    """Seal the whole shards that no manifest lists yet: of ``run_id``, or of every run. One manifest a run.

    Raises :class:`errors.UserError` where another process seals for too long.
    """
    with _one_at_a_time(settings):
        _take_up_interrupted(manifests(settings))
        sealed = sealed_groups(manifests(settings), run_id)
        waiting: dict[tuple[str, str], list[Group]] = {}
        for group in landed_groups(settings.landing, run_id or "*"):
            if group.is_whole and group.key not in sealed:
                waiting.setdefault((group.period, group.run_id), []).append(group)
        return [_seal_run(settings, *run, groups) for run, groups in waiting.items()]


def sealed_groups(folder: Path, run_id: str | None = None) -> set[tuple[str, str, str]]:
    """(period, run, shard) of everything that the manifests' heads list."""
    heads = [read_head(path) for path in sorted(folder.glob(f"[0-9]*-{run_id or '*'}.jsonl"))]
    return {
        (head.get("period", ""), head.get("run_id", ""), shard)
        for head in heads
        for shard in head.get("shards", [])
    }


def _seal_run(settings: Settings, period: str, run_id: str, groups: list[Group]) -> Seal:
    folder = manifests(settings)
    chain = links(folder)
    name = f"{len(chain) + 1:06}-{run_id}.jsonl"
    files = sum(len(group.files) for group in groups)
    objects = sum(1 for group in groups for _ in evidence_rows(group))
    head: Line = {
        "kind": "seal",
        "sequence": len(chain) + 1,
        "period": period,
        "run_id": run_id,
        "shards": [group.shard for group in groups],
        "sealed_at": datetime.now(UTC).isoformat(),
        "previous": chain[-1].sha256 if chain else None,
        "lines": 1 + files + objects,
    }
    temporary = folder / f".{name}.tmp"
    try:
        sha256 = write_lines(temporary, _lines(settings, head, groups))
        temporary.replace(folder / name)
    finally:
        temporary.unlink(missing_ok=True)
    _write_chain(folder, [*chain, Link(sha256, name)])
    return Seal(name, sha256, files, objects)


def _lines(settings: Settings, head: Line, groups: list[Group]) -> Iterator[Line]:
    yield head
    for group in groups:
        for path in group.files:
            yield {
                "kind": "landed",
                "path": path.relative_to(settings.root).as_posix(),
                "file_sha256": file_sha256(path),
                "file_bytes": path.stat().st_size,
                "shard": group.shard,
            }
        for row in evidence_rows(group):
            yield {"kind": "evidence", **_as_it_lies(settings, row), **row, "shard": group.shard}


def evidence_rows(group: Group) -> Iterator[Line]:
    """Every evidence object that the group's rows rest on: captured, probed or handed in by a reviewer."""
    for path in group.files:
        if table_of(path) == "evidence":
            columns = ["sha256", "bytes", "role", "subject_id", "capture_id"]
            for batch in pq.ParquetFile(path).iter_batches(columns=columns):
                yield from batch.to_pylist()
        elif of := _NAMES_EVIDENCE.get(table_of(path)):
            for batch in pq.ParquetFile(path).iter_batches(columns=["evidence_sha256", of.subject]):
                for row in batch.to_pylist():
                    if row["evidence_sha256"]:
                        yield {
                            "sha256": row["evidence_sha256"],
                            "bytes": None,
                            "role": of.role,
                            "subject_id": row[of.subject],
                            "capture_id": None,
                        }


def _as_it_lies(settings: Settings, row: Line) -> Line:
    """The stored file's own hash: a byte flipped in what surrounds the compressed content is noticed too."""
    filed = evidence.find(settings.evidence, row["sha256"])
    if filed is None:  # sealed as missing: verifying will say so for ever
        return {
            "path": f"evidence/{row['sha256'][:2]}/{row['sha256']}",
            "file_sha256": None,
            "file_bytes": None,
        }
    return {
        "path": filed.relative_to(settings.root).as_posix(),
        "file_sha256": file_sha256(filed),
        "file_bytes": filed.stat().st_size,
    }


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[None]:
    folder = manifests(settings)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / LOCK, timeout=_WAIT_SECONDS):
            for left_behind in folder.glob(".*.tmp"):  # whoever wrote it was killed: the lock is ours
                left_behind.unlink()
            yield
    except Timeout:
        raise UserError("另一个进程正在封存证据清单：等它结束再试") from None


def _take_up_interrupted(folder: Path) -> None:
    """A seal that was killed between its manifest and the list of manifests: the manifest is whole."""
    chain = links(folder)
    last = chain[-1].sha256 if chain else None
    for path in sorted(folder.glob(PATTERN)):
        head = read_head(path)
        is_next = head.get("previous") == last and head.get("sequence") == len(chain) + 1
        if is_next and path.name not in {link.name for link in chain}:
            _write_chain(folder, [*chain, Link(file_sha256(path), path.name)])
            return


def _write_chain(folder: Path, chain: list[Link]) -> None:
    write_whole(folder / SUMS, "".join(f"{link.sha256}  {link.name}\n" for link in chain).encode())
