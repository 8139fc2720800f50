"""What holds for every DAG of ours, however many there will be."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from settings import PROJECT

DAG_FILES = sorted((PROJECT / "dags").glob("*.py"))
TAGS = {"采集", "考核", "通报", "预警", "不可回填", "可重跑"}
POOL_OF_DAG = {
    "capture": "browser", "daily": "browser", "probe": "probe",
    "assess": "warehouse", "circular": "warehouse", "warnings": "warehouse",
}  # fmt: skip
HEAVY = {"playwright", "duckdb", "dbt", "great_expectations", "pandas", "polars", "pyarrow"}
# What a DAG file may know of: the scheduler, the settings, and how a step is run.
ALLOWED = {"airflow", "settings", "steps"} | sys.stdlib_module_names


def _tasks(dag: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every task with its options; those of a mapped task stand in its partial."""
    for task in dag["tasks"]:
        options = task["__var"]
        yield options["task_id"], options | options.get("partial_kwargs", {})


def test_every_file_is_read_without_error(parsed: dict[str, Any]) -> None:
    assert parsed["errors"] == {}
    assert set(parsed["dags"]) == set(POOL_OF_DAG)


def test_tags_come_from_the_closed_set(parsed: dict[str, Any]) -> None:
    for dag_id, dag in parsed["dags"].items():
        assert dag["tags"], dag_id
        assert set(dag["tags"]) <= TAGS, dag_id


def test_every_dag_is_explained_in_chinese(parsed: dict[str, Any]) -> None:
    for dag_id, dag in parsed["dags"].items():
        for text in (dag["description"], dag["doc_md"]):
            assert any("\u4e00" <= letter <= "\u9fff" for letter in text), dag_id


def test_one_run_at_a_time_and_none_for_the_past(parsed: dict[str, Any]) -> None:
    for dag_id, dag in parsed["dags"].items():
        assert dag["catchup"] is False, dag_id
        assert dag["max_active_runs"] == 1, dag_id


def test_clocks_are_those_of_shanghai(parsed: dict[str, Any]) -> None:
    for dag_id, dag in parsed["dags"].items():
        assert dag["timezone"] == "Asia/Shanghai", dag_id
    assert parsed["dags"]["capture"]["timetable"]["__var"]["timezone"] == "Asia/Shanghai"


@pytest.mark.parametrize("dag_id", ["capture", "daily"])
def test_switching_on_what_looks_does_not_start_it(parsed: dict[str, Any], dag_id: str) -> None:
    # With a start date, Airflow would make up for the latest past schedule at once.
    assert "start_date" not in parsed["dags"][dag_id]
    assert parsed["dags"][dag_id]["timetable"]["__var"]["run_immediately"] == 0


def test_what_goes_out_waits_to_be_switched_on_and_the_others_do_not(parsed: dict[str, Any]) -> None:
    paused = {dag_id: dag.get("is_paused_upon_creation") for dag_id, dag in parsed["dags"].items()}
    # None: paused, Airflow's default
    assert {dag_id for dag_id, at_first in paused.items() if at_first is None} == {
        "capture",
        "daily",
        "probe",
    }
    assert all(at_first in (None, False) for at_first in paused.values())


def test_a_site_is_visited_more_than_twenty_times_a_day_at_times_that_drift(parsed: dict[str, Any]) -> None:
    dag = parsed["dags"]["probe"]
    assert "start_date" not in dag
    every = dag["timetable"]["__var"]["delta"]
    per_day = 86400 / every
    assert per_day > 20 * 1.25  # a quarter of the rounds may be lost, and the day still counts
    assert 86400 % every  # not at the same times of every day
    round_ = dict(_tasks(dag))["probe"]
    assert round_["execution_timeout"] < every
    assert round_.get("retries", 0) == 0  # a retry would be another visit at nearly the same moment


def test_probing_wakes_nobody(parsed: dict[str, Any]) -> None:
    # 27 rounds a day must not mean 27 assessments.
    assert parsed["dags"]["probe"]["dag_dependencies"] == []


def test_every_task_is_owned_and_in_the_pool_and_queue_of_its_kind(parsed: dict[str, Any]) -> None:
    for dag_id, dag in parsed["dags"].items():
        for task_id, options in _tasks(dag):
            name = f"{dag_id}.{task_id}"
            assert options["owner"] == "xunjian", name
            assert options["pool"] == POOL_OF_DAG[dag_id], name
            assert options["queue"] == POOL_OF_DAG[dag_id], name


def test_the_pools_are_in_the_file_and_the_warehouse_has_one_writer() -> None:
    pools = json.loads((PROJECT / "deploy" / "pools.json").read_text())
    assert set(POOL_OF_DAG.values()) <= set(pools)
    assert pools["warehouse"]["slots"] == 1
    assert pools["browser"]["slots"] >= 2
    assert pools["probe"]["slots"] == 1


def _days(expressions: list[str]) -> list[int]:
    """The days of the week (0 Sunday) that five-field cron expressions name, one entry a time of day."""
    fields = [expression.split() for expression in expressions]
    assert all(month_day == month == "*" for _, _, month_day, month, _ in fields)
    return [int(day) for *_, days in fields for day in days.split(",")]


def test_accounts_are_looked_at_once_every_day_of_the_week(parsed: dict[str, Any]) -> None:
    # A warning says "day 10": an account that nobody looks at for three days is warned too late.
    capture = parsed["dags"]["capture"]["timetable"]["__var"]["expressions"]
    daily = parsed["dags"]["daily"]["timetable"]["__var"]
    assert daily["timezone"] == "Asia/Shanghai"
    assert sorted(_days(capture) + _days([daily["expression"]])) == list(range(7))
    assert "--daily" in dict(_tasks(parsed["dags"]["daily"]))["plan_shards"]["bash_command"]


def test_one_platform_that_fails_silences_no_warning_of_the_others(parsed: dict[str, Any]) -> None:
    steps = dict(_tasks(parsed["dags"]["daily"]))
    assert steps["hand_on"]["trigger_rule"] == "all_done_min_one_success"
    assert "hand_on" in steps["capture"]["downstream_task_ids"]  # beside the roll-up, not after it
    assert not steps["check_failures"].get("outlets") and steps["hand_on"]["outlets"]


def test_warnings_and_findings_are_each_told_by_one_dag(parsed: dict[str, Any]) -> None:
    told = {
        dag_id: options["bash_command"].partition("alert organisers --only ")[2].split()[0]
        for dag_id in ("circular", "warnings")
        for task_id, options in _tasks(parsed["dags"][dag_id])
        if task_id == "tell_organisers"
    }
    assert told == {"circular": "findings", "warnings": "warnings"}


@pytest.mark.parametrize("dag_id", ["capture", "daily"])
def test_a_shard_is_tried_again_once_and_has_a_deadline(parsed: dict[str, Any], dag_id: str) -> None:
    shard = dict(_tasks(parsed["dags"][dag_id]))["capture"]
    assert shard["retries"] == 1
    assert shard["execution_timeout"]["__var"] > 0
    assert "SHARD" in shard["map_index_template"]


@pytest.mark.parametrize("dag_id", ["capture", "daily"])
def test_failures_are_rolled_up_whatever_happened_to_the_shards(parsed: dict[str, Any], dag_id: str) -> None:
    assert dict(_tasks(parsed["dags"][dag_id]))["check_failures"]["trigger_rule"] == "all_done"


def test_one_dag_wakes_the_next(parsed: dict[str, Any]) -> None:
    edges = {
        (edge["source"], edge["target"], edge["label"])
        for dag in parsed["dags"].values()
        for edge in dag["dag_dependencies"]
    }
    assert {
        ("capture", "asset", "xunjian://landing"),
        ("asset", "assess", "xunjian://landing"),
        ("assess", "asset", "xunjian://published"),
        ("asset", "circular", "xunjian://published"),
        ("daily", "asset", "xunjian://landing"),
        ("asset", "warnings", "xunjian://published"),
    } <= edges


@pytest.mark.parametrize("file", DAG_FILES, ids=lambda file: file.name)
def test_a_dag_file_knows_only_airflow_and_settings(file: Path) -> None:
    assert not file.name.startswith("dbt_"), "dbt takes such modules for its plugins"
    imported = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert imported <= ALLOWED


@pytest.mark.parametrize("file", DAG_FILES, ids=lambda file: file.name)
def test_reading_a_dag_file_loads_nothing_heavy(file: Path, airflow_environment: dict[str, str]) -> None:
    # The DAG processor reads these files all day, and every task reads its own at its start.
    code = (
        f"import sys; sys.path[:0] = [{str(file.parent)!r}, {str(PROJECT)!r}]; import {file.stem}; "
        f"print(*sorted({HEAVY!r} & {{name.split('.')[0] for name in sys.modules}}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=airflow_environment, check=True, capture_output=True, text=True
    )
    assert done.stdout.split("\n")[-2] == ""
