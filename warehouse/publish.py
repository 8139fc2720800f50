"""Marts → ``data/published``: a new file beside the old one, tried out, then put in its place.

Analysts and reports read the published file only. A crash at any moment leaves the old one; a reader who
has the old one open keeps it until it closes.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from pydantic import BaseModel

from errors import UserError
from settings import PROJECT, Settings
from warehouse.lock import warehouse_lock

SCHEMA = "marts"


class Rate(BaseModel):
    """One overall pass rate, as printed."""

    period: str
    subject_kind: str
    registered: int
    checked: int
    passed: int
    failed: int
    undetermined: int
    pass_rate_text: str
    status: str


class Quality(BaseModel):
    """What the quality gate said. Whatever fails does not get here; warnings do."""

    status: str
    warnings: list[str]


class Manifest(BaseModel):
    """What was published, beside it as ``manifest.json``. Times are UTC; open the file with this DuckDB."""

    period: str
    periods: list[str]
    created_at: datetime
    duckdb_version: str
    file: str
    bytes: int
    sha256: str
    git_sha: str | None
    rule_sets: dict[str, str]
    row_counts: dict[str, int]
    rates: list[Rate]
    quality: Quality
    known_at: datetime | None = None

    def __str__(self) -> str:
        return f"已发布 {self.period}：{len(self.row_counts)} 张表，{self.file}，SHA-256 {self.sha256}"


def publish(
    settings: Settings, period: str, warnings: Sequence[str] = (), known_at: datetime | None = None
) -> Manifest:
    """Publish the marts as they are now. ``warnings`` are the quality gate's, for the manifest; so is the
    instant ``known_at``, where later landings were left out.

    Raises :class:`UserError` where ``period`` has not been built or the new file lacks what it should hold.
    """
    settings.published.mkdir(parents=True, exist_ok=True)
    with warehouse_lock(settings, f"发布 {period}"):
        for leftover in settings.published.glob(".*.tmp*"):  # of a publish that was killed; we hold the lock
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        new_file = settings.published / f".compliance.{os.getpid()}.tmp.duckdb"
        new_manifest = settings.published / f".manifest.{os.getpid()}.tmp.json"
        try:
            row_counts = _copy_marts(settings.warehouse_file, new_file)
            manifest = _try_out(new_file, period, row_counts, warnings, known_at)
            new_file.chmod(0o444)
            new_manifest.write_text(manifest.model_dump_json(indent=2) + "\n", "utf-8")
            _sync(new_file)
            _sync(new_manifest)
            _keep_release(settings, new_file, new_manifest, manifest.created_at)
            new_file.replace(settings.published_file)
            new_manifest.replace(settings.published / "manifest.json")
            _sync(settings.published)
        finally:
            new_file.unlink(missing_ok=True)
            new_manifest.unlink(missing_ok=True)
    return manifest


def _copy_marts(working: Path, new_file: Path) -> dict[str, int]:
    """Copy every mart with its comments; returns rows by table, counted in the working file."""
    if not working.exists():
        raise UserError("还没有仓库文件；请先载入（load）并构建（build）")
    row_counts: dict[str, int] = {}
    with duckdb.connect(str(new_file)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{_quoted(working)}' as working (read_only)")
        connection.execute(f"create schema {SCHEMA}")
        tables = connection.execute(
            "select table_name, comment from duckdb_tables() "
            "where database_name = 'working' and schema_name = ? order by table_name",
            [SCHEMA],
        ).fetchall()
        for table, comment in tables:
            rows = connection.execute(
                f"create table {SCHEMA}.{table} as from working.{SCHEMA}.{table}"
            ).fetchone()
            row_counts[table] = int(rows[0]) if rows else 0
            _comment(connection, f"table {SCHEMA}.{table}", comment)
        for table, column, comment in connection.execute(
            "select table_name, column_name, comment from duckdb_columns() "
            "where database_name = 'working' and schema_name = ?",
            [SCHEMA],
        ).fetchall():
            _comment(connection, f'column {SCHEMA}.{table}."{column}"', comment)
        connection.execute("detach working")
        connection.execute("checkpoint")
    return row_counts


def _comment(connection: duckdb.DuckDBPyConnection, what: str, comment: str | None) -> None:
    if comment:
        connection.execute(f"comment on {what} is '{_quoted(comment)}'")


def _quoted(value: object) -> str:
    """For inside a single-quoted SQL literal: ATTACH and COMMENT take no parameters."""
    return str(value).replace("'", "''")


def _try_out(
    new_file: Path,
    period: str,
    row_counts: dict[str, int],
    warnings: Sequence[str],
    known_at: datetime | None,
) -> Manifest:
    """Open the new file as an analyst will, and see that it holds what it should."""
    with duckdb.connect(str(new_file), read_only=True) as connection:
        for table, rows in row_counts.items():
            found = connection.execute(f"select count(*) from {SCHEMA}.{table}").fetchone()  # noqa: S608
            if found != (rows,):
                raise UserError(f"发布中止：{table} 应有 {rows} 行，新文件中是 {found}")
        if "fct_quarterly_pass_rates" not in row_counts:
            raise UserError(f"发布中止：{period} 尚未构建（build）")
        rates = _rows(
            connection,
            f"select {', '.join(Rate.model_fields)} from {SCHEMA}.fct_quarterly_pass_rates "  # noqa: S608
            "where breakdown = 'all' order by period, subject_kind",
        )
        if period not in {rate["period"] for rate in rates}:
            raise UserError(f"发布中止：没有 {period} 的合格率，请先构建（build）")
        plans = _rows(connection, f"select period, rule_set from {SCHEMA}.dim_periods order by period")  # noqa: S608
    with new_file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return Manifest(
        period=period,
        periods=[plan["period"] for plan in plans],
        created_at=datetime.now(UTC),
        duckdb_version=duckdb.__version__,
        file="compliance.duckdb",
        bytes=new_file.stat().st_size,
        sha256=sha256,
        git_sha=_git_sha(),
        rule_sets={plan["period"]: plan["rule_set"] for plan in plans},
        row_counts=row_counts,
        rates=[Rate(**rate) for rate in rates],
        quality=Quality(status="warning" if warnings else "pass", warnings=list(warnings)),
        known_at=known_at,
    )


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    result = connection.execute(query)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _git_sha() -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(PROJECT), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _keep_release(settings: Settings, new_file: Path, new_manifest: Path, created_at: datetime) -> None:
    """A dated copy of what is about to be published; the oldest beyond ``keep_releases`` go."""
    releases = settings.published / "releases"
    releases.mkdir(exist_ok=True)
    name = f"{created_at:%Y%m%dT%H%M%S%f}Z"
    half = settings.published / f".release.{name}.tmp"
    half.mkdir()
    shutil.copy2(new_file, half / settings.published_file.name)
    shutil.copy2(new_manifest, half / "manifest.json")
    half.replace(releases / name)
    for old in sorted(releases.iterdir())[: -settings.keep_releases]:
        shutil.rmtree(old)


def _sync(path: Path) -> None:
    """To the disk itself, so that a power cut cannot leave the new name with old or no bytes."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
