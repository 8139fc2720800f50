"""Landing → ``raw.*``: each file once, each shard whole, each shard in one transaction.

``raw._loaded_files`` remembers every file by its path under landing and its SHA-256. A file whose content
has changed replaces the rows it gave before; the same content again changes nothing. A file whose size and
time are as remembered is not read again: a day's load costs by what is new, not by all that ever landed.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import duckdb

from errors import UserError
from extractors.landing import ALL_SCHEMAS, PROBE_SCHEMAS, REGISTRY_SCHEMAS, SCHEMAS, landed_at
from settings import Settings
from warehouse.lock import warehouse_lock

# The file of each group that is written last: it says that the group is whole.
_MARKS = {
    "captures": tuple(SCHEMAS),
    "probes": tuple(PROBE_SCHEMAS),
    "registry_plan": tuple(REGISTRY_SCHEMAS),
}

_LOADED_FILES = """
    create table if not exists raw._loaded_files (
        file varchar primary key, sha256 varchar not null, table_name varchar not null,
        period varchar not null, run_id varchar not null, shard varchar not null,
        rows bigint not null, loaded_at timestamptz not null,
        bytes bigint, modified_ns bigint, replaced_at timestamptz, landed_at timestamptz
    )
"""
# Up to which load each table that is kept for ever was written (dbt_project/macros/ledgers.sql).
_LEDGERS = "create table if not exists raw._ledgers (ledger varchar primary key, written_until timestamptz)"
_ROUNDS_AT_ONCE = 500
# What a file written by an earlier release lacks.
_LATER_COLUMNS = {
    "landed_at": "timestamptz", "bytes": "bigint", "modified_ns": "bigint", "replaced_at": "timestamptz",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LandedFile:
    """One Parquet file of landing. ``name`` is its path under landing, with ``/`` everywhere."""

    path: Path
    name: str
    table: str
    period: str
    run_id: str
    shard: str
    bytes: int
    modified_ns: int

    def sha256(self) -> str:
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


class KnownFile(NamedTuple):
    """What is remembered of a loaded file. Of files that an earlier release loaded, only the hash is."""

    sha256: str
    bytes: int | None
    modified_ns: int | None


@dataclass(slots=True)
class LoadSummary:
    """What a load did. ``rows`` counts the rows of newly loaded files by raw table."""

    loaded: int = 0
    unchanged: int = 0
    replaced: int = 0
    unfinished: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        text = f"新载入 {self.loaded} 个文件（其中替换 {self.replaced} 个），{self.unchanged} 个未变"
        if self.unfinished:
            text += f"；{len(self.unfinished)} 个分片尚未写完，未载入"
        return text


@contextmanager
def working_file(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The working file, open for writing, in UTC. Hold the warehouse lock first.

    Raises :class:`UserError` where a program that knows nothing of the lock (a database tool) has it open.
    """
    settings.warehouse_file.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(str(settings.warehouse_file))
    except duckdb.IOException as error:
        raise UserError(f"打不开仓库文件，请关闭正在使用它的程序：{str(error).splitlines()[0]}") from None
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set memory_limit = '{settings.warehouse_memory}'")
        yield connection
    finally:
        connection.close()


def load(settings: Settings) -> LoadSummary:
    """Load all that has landed and is whole. Raises :class:`UserError` (file named) on an unreadable file."""
    with warehouse_lock(settings, "载入采集数据"), working_file(settings) as connection:
        create_raw_tables(connection)
        summary = LoadSummary()
        known = _known_files(connection)
        for mark, tables in _MARKS.items():
            groups = _groups(settings.landing, mark, tables, summary)
            # A quarter has thousands of rounds, each one small file, whole by itself: many in a transaction.
            for group in _many_at_once(groups) if mark == "probes" else groups:
                _load_group(connection, group, known, summary)
        return summary


def create_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Every raw table exists, with every column of today's schema, even where nothing has landed."""
    connection.execute("create schema if not exists raw")
    connection.execute(_LOADED_FILES)
    connection.execute(_LEDGERS)
    for name, kind in _LATER_COLUMNS.items():
        connection.execute(f"alter table raw._loaded_files add column if not exists {name} {kind}")
    for table, schema in ALL_SCHEMAS.items():
        connection.register("landed_shape", schema.empty_table())
        connection.execute(
            f"create table if not exists raw.{table} as "  # noqa: S608
            "select *, null::varchar as _file, null::timestamptz as _loaded_at from landed_shape"
        )
        _add_new_columns(connection, table, "landed_shape")
        connection.unregister("landed_shape")


def _groups(
    landing: Path, mark: str, tables: tuple[str, ...], summary: LoadSummary
) -> Iterator[list[LandedFile]]:
    """The files of each whole shard (or registry snapshot), oldest run first."""
    places = {
        path.relative_to(landing / table)
        for table in tables
        for path in (landing / table).glob("period=*/run=*/shard=*.parquet")
    }
    for place in sorted(places):
        if not (landing / mark / place).exists():
            summary.unfinished.append(place.as_posix())
            continue
        yield [_landed(landing, table, place) for table in tables if (landing / table / place).exists()]


def _many_at_once(groups: Iterator[list[LandedFile]]) -> Iterator[list[LandedFile]]:
    while some := [landed for group in islice(groups, _ROUNDS_AT_ONCE) for landed in group]:
        yield some


def _landed(landing: Path, table: str, place: Path) -> LandedFile:
    path = landing / table / place
    period, run_id, shard = (part.partition("=")[2] for part in place.with_suffix("").parts)
    name, stat = path.relative_to(landing).as_posix(), path.stat()
    return LandedFile(path, name, table, period, run_id, shard, stat.st_size, stat.st_mtime_ns)


def _known_files(connection: duckdb.DuckDBPyConnection) -> dict[str, KnownFile]:
    rows = connection.execute("select file, sha256, bytes, modified_ns from raw._loaded_files").fetchall()
    return {name: KnownFile(*rest) for name, *rest in rows}


def _is_new(landed: LandedFile, known: dict[str, KnownFile]) -> bool:
    former = known.get(landed.name)
    if former is None:
        return True
    if (former.bytes, former.modified_ns) == (landed.bytes, landed.modified_ns):
        return False
    return former.sha256 != landed.sha256()


def _load_group(
    connection: duckdb.DuckDBPyConnection,
    group: list[LandedFile],
    known: dict[str, KnownFile],
    summary: LoadSummary,
) -> None:
    changed = [landed for landed in group if _is_new(landed, known)]
    summary.unchanged += len(group) - len(changed)
    if not changed:
        return
    connection.begin()
    try:
        # Never earlier than what is loaded already, whatever the clock was set to: what is built by what is
        # new (dbt_project/macros/ledgers.sql) goes by this.
        (now,) = connection.execute(
            "select greatest(now(), max(loaded_at) + interval '1 microsecond') from raw._loaded_files"
        ).fetchone() or (None,)
        for landed in changed:
            rows = _load_file(connection, landed, landed.name in known, now)
            summary.rows[landed.table] = summary.rows.get(landed.table, 0) + rows
    except duckdb.Error as error:
        connection.rollback()
        raise UserError(f"载入失败，文件 {landed.name}：{str(error).splitlines()[0]}") from error
    connection.commit()
    summary.loaded += len(changed)
    summary.replaced += sum(landed.name in known for landed in changed)


def _load_file(
    connection: duckdb.DuckDBPyConnection, landed: LandedFile, is_replaced: bool, now: datetime | None
) -> int:
    # Not by Hive names: the rows carry their period and run themselves.
    source = connection.read_parquet(str(landed.path), hive_partitioning=False)
    connection.execute("create or replace temp view landed_rows as " + source.sql_query())
    _add_new_columns(connection, landed.table, "landed_rows")
    if is_replaced:
        connection.execute(f"delete from raw.{landed.table} where _file = ?", [landed.name])  # noqa: S608
    (rows,) = connection.execute(
        f"insert into raw.{landed.table} by name "  # noqa: S608
        "select *, ? as _file, ?::timestamptz as _loaded_at from landed_rows",
        [landed.name, now],
    ).fetchone() or (0,)
    connection.execute(
        "insert or replace into raw._loaded_files (file, sha256, table_name, period, run_id, shard, rows, "
        "loaded_at, bytes, modified_ns, replaced_at, landed_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            landed.name, landed.sha256(), landed.table, landed.period, landed.run_id, landed.shard, rows, now,
            landed.bytes, landed.modified_ns, now if is_replaced else None, landed_at(landed.path),
        ],
    )  # fmt: skip
    return int(rows)


def _add_new_columns(connection: duckdb.DuckDBPyConnection, table: str, source: str) -> None:
    """A column that a later release lands is added; older rows have no value there."""
    present = {row[0] for row in connection.execute(f"describe raw.{table}").fetchall()}
    for name, kind, *_ in connection.execute(f"describe {source}").fetchall():
        if name not in present:
            connection.execute(f'alter table raw.{table} add column "{name}" {kind}')
