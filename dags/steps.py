"""How the DAGs run Xunjian: every step is one command of the command line, in a process of its own.

Airflow's task process never opens a browser or the warehouse: a browser leaves an event loop behind, and
dbt in-process keeps the DuckDB file locked. ``BashOperator`` starts the command in its own process group,
streams its output into the task's log and ends the group together with the task.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

from airflow.sdk import Asset, Metadata, Param, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

from settings import PROJECT

LANDING = Asset("xunjian://landing")
PUBLISHED = Asset("xunjian://published")

# Exit statuses of our commands that say "the data", not "the pipeline": their own route has told of them.
_OF_THE_DATA = re.compile(r"exit code (3|4)\b")


def tell_oncall(context: Any) -> None:
    """Tell whoever is on call that a run broke; once a run, and never of data that is not fit."""
    reason = str(context.get("exception") or "没有留下原因").splitlines()[0]
    if _OF_THE_DATA.search(reason):
        return
    ti = context["ti"]
    subprocess.run(
        [
            *(sys.executable, "-m", "xunjian", "alert", "oncall"),
            *("--dag", ti.dag_id, "--run-id", file_name(ti.run_id), "--step", ti.task_id, "--reason", reason),
        ],
        cwd=PROJECT,
        timeout=120,
        check=False,
    )


def file_name(run_id: str) -> str:
    """A DAG run's id as our commands take it: a colon is refused by some file systems."""
    return run_id.replace(":", "").replace("~", "_")


# What every step shares. Any exit status but 0 is a failure: BashOperator would read 99 as "skipped".
DEFAULTS = {
    "owner": "xunjian",
    "retries": 0,
    "cwd": str(PROJECT),
    "append_env": True,
    "skip_on_exit_code": None,
    "on_failure_callback": tell_oncall,
}


def xunjian(arguments: str) -> str:
    """One command line; ``exec`` makes it the very process that Airflow signals."""
    return f"exec {sys.executable} -m xunjian {arguments}"


def period_param(description: str) -> Param:
    """The quarter that a run is about. The pattern also keeps everything else out of command lines."""
    return Param(
        None, type=["null", "string"], pattern=r"^20\d\d[Qq][1-4]$", title="季度", description=description
    )


def announce(asset: Asset, period_of_task: Callable[[Any], str]) -> Callable[[Any, Any], Iterator[Metadata]]:
    """A ``post_execute`` that says, in the asset's event, which quarter was updated.

    Asset-triggered runs have neither a logical date nor an interval: the event is the only messenger.
    """

    def tell(context: Any, _result: Any) -> Iterator[Metadata]:
        yield Metadata(asset, extra={"period": period_of_task(context)})

    return tell


@task(task_display_name="确定季度")
def periods() -> list[dict[str, str]]:
    """The quarters of this run, each as the environment of the steps that are mapped over them.

    A run started by hand says its quarter. One started by events takes every quarter they name: while the
    DAG was busy or paused, events of several quarters may have gathered for one run.
    """
    context = get_current_context()
    if by_hand := context["params"].get("period"):
        return [{"PERIOD": by_hand.upper()}]
    events = [event for of_asset in context["triggering_asset_events"].values() for event in of_asset]
    named = {event.extra.get("period") for event in events}
    if not named or None in named:
        raise AirflowFailException("不知道是哪个季度：手动运行请填写参数 period，如 2021Q1")
    return [{"PERIOD": period} for period in sorted(named)]
