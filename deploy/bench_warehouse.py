"""What the warehouse costs: ``python -m deploy.bench_warehouse --subjects 100000 --posts 50000000``.

Lands an invented country, loads it, builds every quarter, and measures the builds against one hand-written
SQL that gives the same verdicts (compared row for row); then one more day's looks are loaded and built.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.console import Console
from rich.table import Table

from deploy.bench import Memory
from deploy.bench_data import Size, generate, generate_day
from settings import PROJECT, Settings

VERDICTS = Path(__file__).with_name("bench_verdicts.sql")

_HEAD = "import sys; from settings import Settings; from warehouse import build, load, publish; "
_LOAD = _HEAD + "load(Settings())"
_BUILD = _HEAD + "build(Settings(), *sys.argv[1:])"
_PUBLISH = _HEAD + "publish(Settings(), sys.argv[1])"
# dbt's own start: it reads the project and builds nothing.
_START = (
    "import sys; from settings import Settings; from warehouse.build import run_dbt; "
    "run_dbt(Settings(), sys.argv[1:], 'ls', '--select', 'dim_indicators')"
)
_BY_HAND = """
import sys, duckdb
from pathlib import Path
from settings import Settings
settings = Settings()
with duckdb.connect(sys.argv[1]) as connection:
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(f"set memory_limit = '{settings.warehouse_memory}'")
    connection.execute(f"attach '{settings.warehouse_file}' as working (read_only)")
    connection.execute("use working")
    query = Path(sys.argv[2]).read_text("utf-8")
    connection.execute("create table by_hand.main.verdicts as " + query)
"""


class Stopwatch:
    """Runs steps in processes of their own on ``data`` and keeps seconds and peak memory (PSS, bytes)."""

    def __init__(self, data: Path) -> None:
        self._environment = os.environ | {"XUNJIAN_DATA": str(data)}
        self.peak = 0

    def run(self, program: str, *arguments: str) -> float:
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments], env=self._environment, cwd=PROJECT
        )
        with Memory(process.pid) as memory:
            status = process.wait()
        if status != 0:
            raise SystemExit(f"第一行是“{program.strip().splitlines()[0]}”的一步以 {status} 结束")
        self.peak = max(self.peak, memory.peak)
        return time.monotonic() - started


def disagreements(working: Path, by_hand: Path) -> int:
    """Verdicts that only one of the two has."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{working}' as working (read_only)")
        connection.execute(f"attach '{by_hand}' as by_hand (read_only)")
        (count,) = connection.execute("""
            with ours as (
                select period, subject_kind, subject_id, verdict from working.marts.fct_verdicts
            ),
            theirs as (select period, subject_kind, subject_id, verdict from by_hand.verdicts)
            select
                (select count(*) from (from ours except all from theirs))
                + (select count(*) from (from theirs except all from ours))
        """).fetchone() or (0,)
    return int(count)


def folder_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        yield data
    else:
        with tempfile.TemporaryDirectory(prefix="xunjian-bench-") as folder:
            yield Path(folder)


def measure(data: Path, size: Size) -> dict[str, float | int]:
    """Every figure of one size. Seconds unless named otherwise; raises SystemExit where verdicts differ."""
    settings, watch = Settings(data=data), Stopwatch(data)
    started = time.monotonic()
    periods = generate(settings.landing, size)
    generated = time.monotonic() - started
    loaded = watch.run(_LOAD)
    watch.run(_START, *periods)
    start = watch.run(_START, *periods)
    full = watch.run(_BUILD, *periods) - start
    by_hand_file = data / "by_hand.duckdb"
    by_hand_file.unlink(missing_ok=True)
    by_hand = Stopwatch(data)
    by_hand_seconds = by_hand.run(_BY_HAND, str(by_hand_file), str(VERDICTS))
    if differing := disagreements(settings.warehouse_file, by_hand_file):
        raise SystemExit(f"手写 SQL 与模型有 {differing} 个判定不同")
    generate_day(settings.landing, size)
    day_load, day_build = watch.run(_LOAD), watch.run(_BUILD, periods[-1])
    published = watch.run(_PUBLISH, periods[-1])
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        (posts,) = connection.execute("select count(*) from raw.posts").fetchone() or (0,)
        (verdicts,) = connection.execute("select count(*) from marts.fct_verdicts").fetchone() or (0,)
    return {
        "subjects": size.subjects, "periods": size.periods, "posts": posts, "verdicts": verdicts,
        "generate": round(generated, 1), "load": round(loaded, 1), "dbt_start": round(start, 1),
        "full_build": round(full, 1),
        "by_hand": round(by_hand_seconds, 1), "ratio_to_by_hand": round(full / by_hand_seconds, 2),
        "day_load": round(day_load, 1), "day_build": round(day_build - start, 1),
        "day_share_of_full": round((day_load + day_build - start) / (loaded + full), 3),
        "publish": round(published, 1), "peak_gib": round(watch.peak / 1024**3, 2),
        "by_hand_peak_gib": round(by_hand.peak / 1024**3, 2),
        "landing_gib": round(folder_bytes(settings.landing) / 1024**3, 2),
        "working_file_gib": round(settings.warehouse_file.stat().st_size / 1024**3, 2),
        "published_gib": round(settings.published_file.stat().st_size / 1024**3, 2),
    }  # fmt: skip


def main(
    subjects: Annotated[int, typer.Option(help="对象数")] = 2_000,
    posts: Annotated[int, typer.Option(help="所有查看合计看到的发布行数")] = 1_000_000,
    periods: Annotated[int, typer.Option(help="季度数")] = 8,
    data: Annotated[Path | None, typer.Option(help="数据目录；留空则用后即删")] = None,
) -> None:
    """测量数据仓库：全量构建与一条手写 SQL 对比，一天的增量与全量对比，内存峰值与占用磁盘。"""
    with _folder(data) as folder:
        results = measure(folder.resolve(), Size(subjects, posts, periods))
    out = Console()
    table = Table(title="数据仓库测量结果（秒，另注单位的除外）")
    table.add_column("项目")
    table.add_column("值", justify="right")
    for name, value in results.items():
        table.add_row(name, f"{value:,}")
    out.print(table)
    out.print(json.dumps(results), soft_wrap=True)


if __name__ == "__main__":
    typer.run(main)
