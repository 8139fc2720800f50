"""A second result beside the first: the same observations by another rule set, or as they were known then.

A working file of its own, ``data/beside/<name>/``, with what that gives (published file, reports): the first
result is only read. Why so: ``docs/adr/0005-second-results-stand-beside.md``.
"""

from datetime import UTC, date, datetime, time, timedelta

from errors import UserError
from extractors.landing import ALL_SCHEMAS
from extractors.periods import SHANGHAI
from settings import Settings
from warehouse.build import planned_periods
from warehouse.load import create_raw_tables, working_file
from warehouse.lock import warehouse_lock


def instant_known_at(text: str) -> datetime:
    """``2021-05-11`` is the end of that day in Asia/Shanghai; a time without a zone is Asia/Shanghai's.

    Raises ``ValueError``.
    """
    try:
        if len(text) == len("2021-05-11"):
            day = date.fromisoformat(text)
            return datetime.combine(day + timedelta(days=1), time(), SHANGHAI) - timedelta(microseconds=1)
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("应为日期或时刻，如 2021-05-11 或 2021-05-11T18:00:00") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)


def beside(settings: Settings, period: str, rule_set: str | None, known_at: datetime | None) -> Settings:
    """The settings of the second result: everything it writes lies under a directory of its own."""
    parts = [period, rule_set or "", f"known-{known_at.astimezone(UTC):%Y%m%dT%H%M%S}Z" if known_at else ""]
    name = "~".join(part for part in parts if part)
    return settings.model_copy(update={"data": settings.root / "beside" / name, "keep_releases": 1})


def copy_observations(settings: Settings, other: Settings, period: str, known_at: datetime | None) -> int:
    """Fill the second working file, made anew, with the first's raw rows that had landed by ``known_at``.

    Whole landed files, registry snapshots among them. Returns how many. Raises :class:`UserError` where no
    plan of ``period`` was known then.
    """
    if not settings.warehouse_file.exists():
        raise UserError(f"还没有仓库文件；请先运行 xunjian assess --period {period}")
    with warehouse_lock(settings, f"读取 {period} 以便试算"), warehouse_lock(other, f"试算 {period}"):
        planned_periods(settings)  # opens the first once for writing: an older release's lacks new columns
        for path in (other.warehouse_file, other.warehouse_file.with_suffix(".duckdb.wal")):
            path.unlink(missing_ok=True)
        with working_file(other) as connection:
            create_raw_tables(connection)
            observed = str(settings.warehouse_file).replace("'", "''")
            connection.execute(f"attach '{observed}' as observed (read_only)")
            # Before landing wrote its own time into each file, the time of loading is the best we have.
            connection.execute(
                "insert into raw._loaded_files by name select * from observed.raw._loaded_files "
                "where $1::timestamptz is null or coalesce(landed_at, loaded_at) <= $1",
                [known_at],
            )
            for table in ALL_SCHEMAS:
                connection.execute(
                    f"insert into raw.{table} by name select * from observed.raw.{table} "  # noqa: S608
                    "where _file in (select file from raw._loaded_files)"
                )
            (files,) = connection.execute("select count(*) from raw._loaded_files").fetchone() or (0,)
        if period not in planned_periods(other):
            when = f"到 {known_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 为止，" if known_at else ""
            raise UserError(f"{when}仓库里没有 {period} 的检查计划；请核对 --known-at 与 --period")
    return int(files)
