"""The period's landed Parquet as frames: whole shards of every run, and the latest registry snapshot.

Every run, not the newest alone, since the loader takes each of them; a subject counts as read when any
look of the period read it, since the warehouse takes the best look.
"""

from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from expectations.frames import query
from extractors.landing import (
    ALL_SCHEMAS,
    LATER_TABLES,
    PROBE_SCHEMAS,
    REGISTRY_SCHEMAS,
    SCHEMAS,
    since_the_start,
)
from extractors.outcomes import OK

FRAMES = (
    "subjects", "channels", "captures", "posts", "site_items", "page_visits", "site_messages",
    "site_services", "account_menus", "evidence", "probes",
)  # fmt: skip
_NO_COLUMN, _NO_FILE, _DAMAGED = "（无此列）", "（无此文件）", "（文件损坏）"


class LandedFiles:
    """The files that the loader would take for ``period``, by table."""

    def __init__(self, landing: Path, period: str) -> None:
        # Written last: where the file of captures is, the whole shard is; likewise the plan's file.
        shards = _shards(landing / "captures", period)
        snapshot = _shards(landing / "registry_plan", period)[-1:]
        rounds = _shards(landing / "probes", period)
        groups = ((SCHEMAS, shards), (PROBE_SCHEMAS, rounds), (REGISTRY_SCHEMAS, snapshot))
        self._files = {
            table: [landing / table / place for place in places]
            for tables, places in groups
            for table in tables
        }

    def schema_frame(self) -> pd.DataFrame:
        """One row per table and column: the type agreed on, and the type or types that landed."""
        agreed = {
            (table, field.name): str(field.type) for table, schema in ALL_SCHEMAS.items() for field in schema
        }
        landed: dict[tuple[str, str], set[str]] = {}
        for table, files in self._files.items():
            for file in files:
                for column, kind in _types(table, file).items():
                    landed.setdefault((table, column), set()).add(kind)
        rows = [
            (table, column, agreed.get((table, column), _NO_COLUMN), " | ".join(sorted(kinds)))
            for (table, column), kinds in sorted(landed.items())
        ]
        return pd.DataFrame(rows, columns=["table", "column", "agreed", "landed"])

    def row_frames(self) -> dict[str, pd.DataFrame]:
        """The frames of :data:`FRAMES`. Needs a :meth:`schema_frame` without any difference."""
        with duckdb.connect() as memory:
            memory.execute("set timezone = 'UTC'")
            for table in (*SCHEMAS, *PROBE_SCHEMAS, "registry_accounts", "registry_websites"):
                memory.register(table, self._table(table))
            memory.execute("create table ok_outcomes as select unnest($ok)", {"ok": sorted(OK)})
            memory.execute(query("landing", "_views"))
            return {name: memory.execute(query("landing", name)).df() for name in FRAMES}

    def _table(self, table: str) -> pa.Table:
        files = [file for file in self._files[table] if table not in LATER_TABLES or file.exists()]
        landed = [pq.read_table(file, partitioning=None) for file in files]
        # "default" gives null where a file was landed before a column was added, and converts nothing.
        return pa.concat_tables([ALL_SCHEMAS[table].empty_table(), *landed], promote_options="default")


def _shards(mark: Path, period: str) -> list[Path]:
    return [file.relative_to(mark) for file in sorted(mark.glob(f"period={period}/run=*/shard=*.parquet"))]


def _types(table: str, file: Path) -> dict[str, str]:
    agreed = ALL_SCHEMAS[table]
    try:
        schema = pq.read_schema(file)
    except FileNotFoundError:
        return {} if table in LATER_TABLES else dict.fromkeys(agreed.names, _NO_FILE)
    except (pa.ArrowInvalid, OSError):
        return dict.fromkeys(agreed.names, _DAMAGED)
    landed = dict.fromkeys(since_the_start(table), _NO_COLUMN)
    for field in schema:
        # Equal types may be written differently: Parquet names a list's items in its own way.
        same = field.name in agreed.names and field.type == agreed.field(field.name).type
        landed[field.name] = str(agreed.field(field.name).type if same else field.type)
    return landed
