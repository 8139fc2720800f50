"""Landing: what captures leave, as Parquet, one file per table and shard, each written once and whole.

``data/landing/<table>/period=2021Q1/run=<run_id>/shard=<name>.parquet``. A file appears by rename, so
a reader never meets half a file. ``captures`` is written last: its presence says the shard is whole,
and only whole shards are loaded.
"""

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_TS = pa.timestamp("us", tz="UTC")
_S, _I, _B, _D = pa.string(), pa.int32(), pa.bool_(), pa.date32()

_LATER = {b"xunjian": b"later"}
_LANDED_AT = b"xunjian.landed_at"


def _later(*columns: tuple[str, pa.DataType]) -> list[pa.Field]:
    """Columns that a release after the first added, at the end of their table.

    What was landed before them reads as null there; a missing column that was there from the start, or a
    wrong type anywhere, is a damaged file.
    """
    return [pa.field(name, kind, metadata=_LATER) for name, kind in columns]


# What every captured row carries: which look it comes from.
_LOOK = [("capture_id", _S), ("run_id", _S), ("period", _S), ("extractor_version", _S)]

SCHEMAS: dict[str, pa.Schema] = {
    "posts": pa.schema([
        *_LOOK, ("platform", _S), ("subject_id", _S), ("post_id", _S), ("published_at", _TS),
        ("published_raw", _S), ("published_rule", _S), ("edited_at", _TS), ("is_pinned", _B),
        ("is_repost", _B), ("is_deleted", _B), ("kind", _S), ("title", _S), ("url", _S),
        ("evidence_sha256", _S), ("seen_at", _TS),
    ]),
    "site_items": pa.schema([
        *_LOOK, ("site_code", _S), ("page_kind", _S), ("column_name", _S), ("position", _I), ("url", _S),
        ("title", _S), ("claimed_date", _D), ("claimed_at", _TS), ("claimed_raw", _S), ("claimed_rule", _S),
        ("evidence_sha256", _S), ("article_sha256", _S), ("seen_at", _TS),
        *_later(
            ("article_title", _S), ("article_published_at", _TS), ("article_published_on", _D),
            ("document_dated_on", _D), ("article_text_sha256", _S),
        ),
    ]),
    "page_visits": pa.schema([
        *_LOOK, ("site_code", _S), ("page_kind", _S), ("column_name", _S), ("url", _S), ("final_url", _S),
        ("visited_at", _TS), ("outcome", _S), ("detail", _S), ("http_status", _I), ("items_seen", _I),
        ("pages", _I), ("oldest_date", _D), ("newest_date", _D), ("reached_end", _B), ("is_navigation", _B),
        ("evidence_sha256", _S),
    ]),
    "site_messages": pa.schema([
        *_LOOK, ("site_code", _S), ("page_kind", _S), ("column_name", _S), ("url", _S), ("message_id", _S),
        ("title", _S), ("asked_on", _D), ("replied_on", _D), ("status", _S), ("is_public_list", _B),
        ("evidence_sha256", _S), ("seen_at", _TS),
    ]),
    "site_services": pa.schema([
        *_LOOK, ("site_code", _S), ("column_name", _S), ("item_name", _S), ("url", _S),
        ("elements_found", pa.list_(_S)), ("elements_missing", pa.list_(_S)), ("detail", _S),
        ("evidence_sha256", _S), ("seen_at", _TS),
    ]),
    "account_menus": pa.schema([
        *_LOOK, ("platform", _S), ("subject_id", _S), ("is_open", _B), ("entries", _S),
        ("has_interaction", _B), ("interaction", pa.list_(_S)), ("identity_seen", _S),
        ("evidence_sha256", _S), ("seen_at", _TS),
    ]),
    "evidence": pa.schema([
        *_LOOK, ("subject_id", _S), ("sha256", _S), ("role", _S), ("media_type", _S), ("url", _S),
        ("http_status", _I), ("server_date", _TS), ("bytes", pa.int64()), ("stored_path", _S),
        ("seen_at", _TS),
    ]),
    "captures": pa.schema([
        *_LOOK, ("shard", _S), ("subject_kind", _S), ("subject_id", _S), ("platform", _S), ("channel", _S),
        ("url", _S), ("final_url", _S), ("captured_at", _TS), ("server_date", _TS), ("outcome", _S),
        ("detail", _S), ("http_status", _I), ("attempt", _I), ("identity_seen", _S), ("items_seen", _I),
        ("oldest_seen", _TS), ("newest_seen", _TS), ("reached_end", _B), ("duration_ms", _I),
        ("evidence_sha256", _S),
    ]),
}  # fmt: skip

# Visits of the availability probe (W2), one file a round: whole by its rename, so it needs no mark.
PROBE_SCHEMAS: dict[str, pa.Schema] = {
    "probes": pa.schema([
        ("probe_id", _S), ("run_id", _S), ("period", _S), ("extractor_version", _S), ("slot", _S),
        ("site_code", _S), ("target_kind", _S), ("url", _S), ("probed_at", _TS), ("channel", _S),
        ("outcome", _S), ("detail", _S), ("http_status", _I), ("elapsed_ms", _I), ("limit_ms", _I),
        ("opened", _B), ("final_url", _S), ("simulated", _B), ("evidence_sha256", _S),
    ]),
}  # fmt: skip

# One registry load: when, and the hash of its content. ``position`` is the row's place in the office's file.
_SNAPSHOT = [("period", _S), ("snapshot_at", _TS), ("snapshot_id", _S)]

# The registry as it stood when a period was assessed: landed too, so that verdicts can be rebuilt.
REGISTRY_SCHEMAS: dict[str, pa.Schema] = {
    "registry_accounts": pa.schema([
        *_SNAPSHOT, ("position", _I), ("subject_id", _S), ("platform", _S), ("platform_uid", _S),
        ("account_name", _S), ("organiser", _S), ("supervisor", _S), ("district", _S), ("status", _S),
        ("opened_on", _D), ("closed_on", _D),
        *_later(("exempt_indicators", pa.list_(_S)), ("is_sampled", _B)),
    ]),
    "registry_websites": pa.schema([
        *_SNAPSHOT, ("position", _I), ("site_code", _S), ("site_name", _S), ("site_class", _S),
        ("organiser", _S), ("supervisor", _S), ("district", _S), ("home_url", _S), ("status", _S),
        *_later(("exempt_indicators", pa.list_(_S)), ("is_sampled", _B)),
    ]),
    "registry_columns": pa.schema([
        *_SNAPSHOT, ("position", _I), ("site_code", _S), ("column_name", _S), ("column_class", _S),
        ("url", _S), ("update_within_days", _I), ("column_level", _I),
    ]),
    "registry_manual_findings": pa.schema([
        *_SNAPSHOT, ("position", _I), ("subject_kind", _S), ("subject_id", _S), ("indicator", _S),
        ("problem", _S), ("observed_on", _D), ("evidence_file", _S), ("evidence_sha256", _S),
        ("reviewer", _S),
    ]),
    "registry_reviews": pa.schema([
        *_SNAPSHOT, ("position", _I), ("suspicion_id", _S), ("decision", _S), ("reason", _S),
        ("reviewer", _S), ("reviewed_on", _D), ("expires_on", _D),
    ]),
    "registry_manual_scores": pa.schema([
        *_SNAPSHOT, ("site_code", _S), ("score", pa.float64()), ("scored_on", _D), ("reviewer", _S),
    ]),
    "registry_circulars": pa.schema([
        *_SNAPSHOT, ("circular_id", _S), ("title", _S), ("organ", _S), ("circular_period", _S),
        ("subject_kind", _S), ("registered", _I), ("checked", _I), ("failed_listed", _I), ("rate_stated", _S),
    ]),
    "registry_canaries": pa.schema([
        *_SNAPSHOT, ("position", _I), ("subject_id", _S), ("platform", _S), ("platform_uid", _S),
        ("account_name", _S),
    ]),
    "registry_rectification_notices": pa.schema([
        *_SNAPSHOT, ("finding_period", _S), ("subject_id", _S), ("indicator", _S), ("issued_on", _D),
        ("due_on", _D),
    ]),
    "registry_clearances": pa.schema([
        *_SNAPSHOT, ("finding_period", _S), ("subject_id", _S), ("indicator", _S), ("reason", _S),
        ("reviewer", _S), ("cleared_on", _D), ("expires_on", _D),
    ]),
    "registry_plan": pa.schema([
        *_SNAPSHOT, ("sampling_from", _D), ("sampling_to", _D), ("since", _TS),
        ("monitoring_points", pa.list_(_TS)), ("indicators", pa.list_(_S)), ("rule_set", _S),
        ("coverage_floor", pa.float64()), ("website_decimals", _I), ("account_decimals", _I),
        *_later(
            ("confirm_observations", _I), ("confirm_hours_apart", pa.float64()),
            ("canary_hours", pa.float64()),
            ("sample_seed", _S), ("sample_accounts", pa.float64()), ("sample_websites", pa.float64()),
            ("late_days", _I),
        ),
    ]),
}  # fmt: skip

ALL_SCHEMAS = SCHEMAS | PROBE_SCHEMAS | REGISTRY_SCHEMAS

# Tables that a later release added: what was landed before them has no such file, and reads as empty.
LATER_TABLES = frozenset({
    "account_menus", "registry_canaries", "registry_clearances", "registry_rectification_notices",
    "registry_reviews", "site_messages", "site_services",
})  # fmt: skip


def since_the_start(table: str) -> list[str]:
    """The columns that every landed file of ``table`` has, whichever release wrote it."""
    return [field.name for field in ALL_SCHEMAS[table] if field.metadata != _LATER]


def landed_file(landing: Path, table: str, period: str, run_id: str, shard: str) -> Path:
    return landing / table / f"period={period}" / f"run={run_id}" / f"shard={shard}.parquet"


def write_table(
    path: Path, table: str, rows: Iterable[Mapping[str, Any]], at: datetime | None = None
) -> None:
    """Write ``rows`` to ``path`` under the table's schema, by a temporary name and a rename.

    The file says when it landed (``at``, now if not given): what was known on a day is told by it. Landing
    the same rows again leaves the file, and its time, alone.

    Raises ``pyarrow.ArrowInvalid`` where a row does not fit the schema; nothing appears then.
    """
    landed = pa.Table.from_pylist(list(rows), schema=ALL_SCHEMAS[table])
    if _holds(path, landed):
        return
    stamp = {_LANDED_AT: (at or datetime.now(UTC)).isoformat().encode()}
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        pq.write_table(landed.replace_schema_metadata(stamp), temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _holds(path: Path, rows: pa.Table) -> bool:
    try:
        return path.exists() and pq.read_table(path, partitioning=None).equals(rows)
    except (pa.ArrowInvalid, OSError):  # damaged since: landed anew
        return False


def landed_at(path: Path) -> datetime | None:
    """When a landed file was written, as it says itself; None where it does not, or cannot be read."""
    try:
        stamp = (pq.read_metadata(path).metadata or {}).get(_LANDED_AT)
    except pa.ArrowInvalid:
        return None
    return datetime.fromisoformat(stamp.decode()) if stamp else None


def land_shard(
    landing: Path,
    period: str,
    run_id: str,
    shard: str,
    tables: Mapping[str, list[dict[str, Any]]],
    at: datetime | None = None,
) -> None:
    """Land one shard's rows. May be run again: the same rows give the same files.

    Nothing of it stays where one file cannot be written; what a killed process left of itself is cleared.
    """
    # captures comes last in SCHEMAS, and is the mark that the shard is whole
    files = {table: landed_file(landing, table, period, run_id, shard) for table in SCHEMAS}
    for path in files.values():
        for left_behind in path.parent.glob(f".{path.name}.*.tmp"):
            left_behind.unlink()
    try:
        for table, path in files.items():
            write_table(path, table, tables.get(table, []), at)
    except BaseException:
        for path in files.values():
            path.unlink(missing_ok=True)
        raise
