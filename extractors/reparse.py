"""Reparsing: today's parsers read stored evidence again. No network, no browser, no registry.

A reading by another version of the parsers is landed beside the old one, as the run
``<run_id>+reparse-<version>``; the warehouse takes the newest reading of a look. A reading by the same
version must be the same to the last row: then nothing is landed, and where it is not, the version should
have been raised.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from errors import UserError
from extractors import EXTRACTOR_VERSION, evidence
from extractors.custody.seal import Group, Seal, landed_groups, seal
from extractors.journal import ROLE, read_journal
from extractors.landing import SCHEMAS, land_shard, landed_file
from extractors.platforms.replay import look_again
from extractors.records import Visit
from extractors.rows import Occasion, Rows, capture_id, rows_of
from extractors.websites.replay import Replayer
from extractors.websites.visit import look_at_website
from settings import Settings

Advance = Callable[[int, int], None]  # (shards done, shards in all)
Row = dict[str, Any]

_MARK = "+reparse-"
# Pictures are for people: a missing one keeps nothing from being read.
_NOT_READ = frozenset({"screenshot", "sample"})


@dataclass(slots=True)
class Reparsed:
    """What came of it, in looks. ``unread``: those that could not be read again, each with why."""

    same: int = 0
    landed: int = 0
    carried_over: int = 0  # of ``same`` and ``landed``: nothing was seen that could be read again
    unread: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    seals: list[Seal] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.unread and not self.differing

    def __str__(self) -> str:
        lines = [
            f"重新解析（{EXTRACTOR_VERSION}）：与已落地的相同 {self.same} 次，新落地 {self.landed} 次"
            f"（其中没有字节可读、照录原结果的 {self.carried_over} 次）"
        ]
        lines += [f"  未能重新解析：{text}" for text in self.unread]
        lines += [
            f"  同一版本读出不同结果：{text}；请提升 EXTRACTOR_VERSION 后再运行" for text in self.differing
        ]
        return "\n".join([*lines, *map(str, self.seals)])


class _Unreadable(Exception):
    """Why a look cannot be made again."""


def reparse(settings: Settings, period: str, advance: Advance = lambda _done, _of: None) -> Reparsed:
    """Read every capture of ``period`` again. Raises :class:`errors.UserError` where nothing has landed."""
    groups = [
        group
        for group in landed_groups(settings.landing)
        if group.period == period and _MARK not in group.run_id and _is_captured(group)
    ]
    if not groups:
        raise UserError(f"{period} 没有已落地的采集，无从重新解析")
    done = Reparsed()
    for number, group in enumerate(groups, start=1):
        _reparse_shard(settings, group, done)
        advance(number, len(groups))
    for run_id in dict.fromkeys(group.run_id for group in groups):
        done.seals += seal(settings, _run_of(run_id))
    return done


def _is_captured(group: Group) -> bool:
    return group.is_whole and any("captures" in path.parts for path in group.files)


def _run_of(run_id: str) -> str:
    return f"{run_id}{_MARK}{EXTRACTOR_VERSION}"


def _reparse_shard(settings: Settings, group: Group, done: Reparsed) -> None:
    landed = _landed(settings, group, group.run_id)
    again = _landed(settings, group, _run_of(group.run_id))
    tables: Rows = {table: [] for table in SCHEMAS}
    for look in landed.values():
        (capture,) = look["captures"]
        name = (
            f"{capture['subject_id']} 于 {capture['captured_at']:%Y-%m-%d %H:%M} UTC（{capture['run_id']}）"
        )
        is_todays = capture["extractor_version"] == EXTRACTOR_VERSION
        run_id = group.run_id if is_todays else _run_of(group.run_id)
        try:
            rows = read_again(settings, look, run_id)
        except _Unreadable as why:
            done.unread.append(f"{name}：{why}")
            continue
        done.carried_over += _journal(look) is None
        known = (landed if is_todays else again).get(rows["captures"][0]["capture_id"])
        if known is None:
            done.landed += 1
            for table in SCHEMAS:
                tables[table] += rows[table]
        elif rows == known:
            done.same += 1
        else:
            done.differing.append(name)
    if tables["captures"]:
        # What could not be read the last time is landed beside what could: nothing landed is changed.
        shard = f"{group.shard}.{len(again)}" if again else group.shard
        land_shard(settings.landing, group.period, _run_of(group.run_id), shard, tables)


def read_again(settings: Settings, landed: Rows, run_id: str) -> Rows:
    """The rows of one look as today's parsers read it; ``run_id`` is the run they will belong to.

    What was seen stays as it is. A look that saw nothing keeps what was recorded of it.
    """
    capture = landed["captures"][0]
    new = {
        "run_id": run_id,
        "capture_id": capture_id(run_id, capture["subject_id"], capture["attempt"]),
        "extractor_version": EXTRACTOR_VERSION,
    }
    seen = [row | new for row in landed["evidence"]]
    journal = _journal(landed)
    if journal is None:
        if any(row["role"] not in _NOT_READ for row in landed["evidence"]):
            raise _Unreadable("采集时没有留下访问记录")
        return {table: [row | new for row in landed[table]] for table in SCHEMAS}
    occasion = Occasion(
        run_id,
        capture["period"],
        capture["shard"],
        capture["attempt"],
        capture["captured_at"],
        capture["duration_ms"],
    )
    read = read_journal(_body(settings, journal["sha256"]))
    try:
        if read.content["kind"] in ("account", "menu"):
            visit = look_again(read, lambda sha256: _body(settings, sha256))
        else:
            tab = Replayer(read, lambda sha256: _body(settings, sha256), capture["captured_at"])
            articles, guides = int(read.content["articles"]), int(read.content["guides"])
            visit = asyncio.run(
                look_at_website(tab, read.subject, read.plan, articles=articles, guides=guides)
            )
    except (KeyError, TypeError, ValueError) as error:
        raise _Unreadable(f"访问记录读不懂（{type(error).__name__}）") from error
    rows = _as_landed(rows_of(read.subject, _without_evidence(visit), occasion, []))
    return rows | {"evidence": seen}


def _without_evidence(visit: Visit) -> Visit:
    visit.seen = []
    return visit


def _body(settings: Settings, sha256: str) -> bytes:
    try:
        return evidence.read(settings.evidence, sha256)
    except FileNotFoundError as error:
        raise _Unreadable(f"证据 {sha256} 缺失") from error
    except (evidence.EvidenceDamaged, OSError) as error:
        raise _Unreadable(str(error)) from error


def _journal(landed: Rows) -> Row | None:
    return next((row for row in landed["evidence"] if row["role"] == ROLE), None)


def _landed(settings: Settings, group: Group, run_id: str) -> dict[str, Rows]:
    """What a run has landed of the shard (and of its completions): look by look, by capture id."""
    looks: dict[str, Rows] = defaultdict(lambda: {table: [] for table in SCHEMAS})
    for shard in _names(settings, group, run_id):
        for table, schema in reversed(SCHEMAS.items()):  # captures first: looks keep their order
            path = landed_file(settings.landing, table, group.period, run_id, shard)
            try:
                rows = pq.ParquetFile(path).read().to_pylist()
            except FileNotFoundError:
                continue  # landed before there was such a table
            except (OSError, pa.ArrowException) as error:
                raise UserError(f"{path} 已损坏，请先运行 xunjian evidence verify") from error
            for row in rows:  # a column that was added since has no value in what was landed before
                looks[row["capture_id"]][table].append({name: row.get(name) for name in schema.names})
    return looks


def _names(settings: Settings, group: Group, run_id: str) -> Iterator[str]:
    folder = landed_file(settings.landing, "captures", group.period, run_id, group.shard).parent
    for path in sorted(folder.glob(f"shard={group.shard}*.parquet")):
        name = path.stem.partition("=")[2]
        if name == group.shard or name.removeprefix(f"{group.shard}.").isdecimal():
            yield name


def _as_landed(rows: Rows) -> Rows:
    """The rows as they come back from Parquet, so that they can be compared."""
    return {
        table: pa.Table.from_pylist(rows.get(table, []), schema=schema).to_pylist()
        for table, schema in SCHEMAS.items()
    }
