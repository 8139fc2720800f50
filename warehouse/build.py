"""``raw.*`` → marts, by dbt in a process of its own: in-process dbt keeps the file locked afterwards."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from errors import UserError
from settings import PROJECT, Settings
from warehouse.load import LoadSummary, create_raw_tables, load, working_file
from warehouse.lock import warehouse_lock
from warehouse.rules import check_in_force, rule_set

DBT_PROJECT = PROJECT / "dbt_project"


def build(settings: Settings, *periods: str, by_rule_set: str | None = None) -> None:
    """Work out ``periods`` from all that is loaded, in one go; other periods keep what they have.

    By the plan's rule set, which must be in force; or by another one, in force or not: what if?

    Raises :class:`UserError`: no plan for a period, a rule set that will not do, or a model or test failed
    (named, with the log's path).
    """
    with warehouse_lock(settings, f"构建 {'、'.join(periods)}"):
        planned = planned_periods(settings)
        for period in periods:
            if period not in planned:
                raise UserError(f"仓库里没有 {period} 的检查计划；请先登记台账（capture）再载入（load）")
            if by_rule_set is None:
                check_in_force(*_planned_rules(settings, period))
        if by_rule_set is not None:
            rule_set(by_rule_set)
        # Unit tests have fixed inputs: they prove the code, not these data, and run with the test suite.
        run_dbt(settings, periods, "build", "--exclude-resource-type", "unit_test", by_rule_set=by_rule_set)


def rebuild(settings: Settings) -> LoadSummary:
    """Throw the working file away and make it again from landing: every period that has a plan."""
    with warehouse_lock(settings, "重建仓库"):
        for path in (settings.warehouse_file, settings.warehouse_file.with_suffix(".duckdb.wal")):
            path.unlink(missing_ok=True)
        summary = load(settings)
        if planned := planned_periods(settings):
            build(settings, *planned)
        return summary


def planned_periods(settings: Settings) -> list[str]:
    """The periods for which a plan has been loaded, in order. Hold the warehouse lock first."""
    with working_file(settings) as connection:
        create_raw_tables(connection)
        rows = connection.execute("select distinct period from raw.registry_plan order by period").fetchall()
    return [row[0] for row in rows]


def _planned_rules(settings: Settings, period: str) -> tuple[str, list[datetime]]:
    """The rule set and the monitoring points of the period's newest plan."""
    with working_file(settings) as connection:
        ((code, points),) = connection.execute(
            "select rule_set, monitoring_points from raw.registry_plan where period = ? "
            "order by _file desc limit 1",
            [period],
        ).fetchall()
    return code, points


def run_dbt(
    settings: Settings, periods: Sequence[str], *arguments: str, by_rule_set: str | None = None
) -> None:
    """One dbt command on the working file, for all of ``periods``. Hold the warehouse lock first.

    Raises :class:`UserError` with the first failure and the path of the log.
    """
    target, logs = settings.root / "warehouse" / "target", settings.root / "warehouse" / "logs"
    results = target / "run_results.json"
    results.unlink(missing_ok=True)
    command = [
        str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments,
        "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT),
        "--target-path", str(target), "--log-path", str(logs),
        "--vars", json.dumps({"periods": list(periods), "rule_set": by_rule_set}),
    ]  # fmt: skip
    environment = os.environ | {
        "XUNJIAN_WAREHOUSE_FILE": str(settings.warehouse_file),
        "XUNJIAN_WAREHOUSE_MEMORY": settings.warehouse_memory,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise UserError(f"dbt 失败：{_first_failure(results, done.stdout)}；详见 {logs / 'dbt.log'}")


def _first_failure(results: Path, output: str) -> str:
    if results.exists():
        failed = [
            result
            for result in json.loads(results.read_text("utf-8"))["results"]
            if result["status"] in {"error", "fail", "runtime error"}
        ]
        if failed:
            message = " ".join(str(failed[0]["message"]).split())
            return f"{len(failed)} 个节点未通过，首个是 {failed[0]['unique_id']}（{message}）"
    # dbt stopped before it ran anything: its last words say why.
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return " ".join(lines[-3:]) or "没有输出"
