"""What the manifests list, as a table on disk: millions of objects are verified in little memory."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from extractors.custody.manifest import Line

_TABLES = """
    create table sealed (
        path text, file_sha256 text, sha256 text, role text, subject_id text, capture_id text, shard text,
        manifest text
    );
    create table pending (sha256 text primary key) without rowid;
"""
_INDEXES = """
    create index by_path on sealed (path);
    create index by_hash on sealed (sha256);
    create index by_capture on sealed (capture_id);
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """One file as it was sealed. ``sha256``: of the bytes seen, for evidence; ``None`` for a landed file."""

    path: str
    file_sha256: str | None
    sha256: str | None
    shard: str
    manifest: str


class Index:
    """A temporary table of every line of every manifest, gone when it is closed."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("")  # a private file of SQLite's own, deleted with the connection
        self._rows.executescript(_TABLES)

    def add(self, manifest: str, lines: Iterable[Line]) -> None:
        """The lines of one manifest that list a file."""
        names = ("path", "file_sha256", "sha256", "role", "subject_id", "capture_id", "shard")
        self._rows.executemany(
            "insert into sealed values (?, ?, ?, ?, ?, ?, ?, ?)",
            ((*(line.get(name) for name in names), manifest) for line in lines),
        )

    def expect(self, hashes: Iterable[str]) -> None:
        """Evidence that has its reason without being sealed yet."""
        self._rows.executemany("insert or ignore into pending values (?)", ((sha256,) for sha256 in hashes))

    def ready(self) -> None:
        self._rows.executescript(_INDEXES)

    def files(self) -> Iterator[Listed]:
        """Every sealed file once, in the order of their paths; of several seals the first."""
        columns = "path, file_sha256, sha256, shard, min(manifest)"
        rows = self._rows.execute(f"select {columns} from sealed group by path order by path")  # noqa: S608
        for row in rows:
            yield Listed(*row)

    def count(self) -> int:
        return self._number("select count(distinct path) from sealed")

    def lists(self, path: str) -> bool:
        return self._number("select count(*) from sealed where path = ?", path) > 0

    def lists_row(self, line: Line) -> bool:
        """Whether just this object of just this look is listed."""
        return (
            self._number(
                "select count(*) from sealed where sha256 = ? and role = ? and subject_id is ?"
                " and capture_id is ?",
                line["sha256"], line["role"], line["subject_id"], line["capture_id"],
            ) > 0
        )  # fmt: skip

    def is_pending(self, sha256: str) -> bool:
        return self._number("select count(*) from pending where sha256 = ?", sha256) > 0

    def of_same_looks(self, sha256: str) -> frozenset[str]:
        """Every hash that belongs to a look which this one belongs to: what was concluded rests on all."""
        found = self._rows.execute(
            "select sha256 from sealed where capture_id in (select capture_id from sealed where sha256 = ?)",
            (sha256,),
        )
        return frozenset({sha256, *(row[0] for row in found)})

    def of_shard(self, manifest: str, shard: str) -> frozenset[str]:
        found = self._rows.execute(
            "select distinct sha256 from sealed where manifest = ? and shard = ? and sha256 is not null",
            (manifest, shard),
        )
        return frozenset(row[0] for row in found)

    def subjects(self, sha256: str) -> list[str]:
        found = self._rows.execute(
            "select distinct subject_id from sealed where sha256 = ? order by subject_id", (sha256,)
        )
        return [row[0] for row in found if row[0]]

    def close(self) -> None:
        self._rows.close()

    def _number(self, query: str, *values: object) -> int:
        return int(self._rows.execute(query, values).fetchone()[0])
