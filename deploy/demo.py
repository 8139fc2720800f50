"""The demonstration: a scenario's replica, the real Airflow, the real DAGs, from registry to circular.

Everything it starts it stops again: on success, failure, Ctrl-C and SIGTERM by itself; where it is killed
outright, a small guard process does so, which waits on a pipe that only the demonstration holds open.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
from rich.console import Console

from deploy.airflow_api import ENDED, AirflowApi
from deploy.airflow_env import HOST, free_port
from deploy.scenario import claim, period_of_plan, registry_of
from deploy.start import (
    COMPONENTS,
    DEMO,
    accepts_connections,
    alone,
    refuse_if_dead,
    stack_of,
    start_airflow,
    stop_everything,
    stopping_on_failure,
)
from errors import UserError
from settings import PROJECT, Settings

SCENARIO = "zhanjiang_2021q1"
_REPLICA_SECONDS = 60
_EVENT_SECONDS = 60


class Stages:
    """How long each stage took, in seconds of the wall clock."""

    def __init__(self) -> None:
        self._taken: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self._taken[name] = time.monotonic() - started

    def __str__(self) -> str:
        stages = "，".join(f"{name} {seconds:.1f} 秒" for name, seconds in self._taken.items())
        return f"用时 {sum(self._taken.values()):.1f} 秒：{stages}"


def run_demo(out: Console, settings: Settings, scenario: str) -> None:
    """Run the whole job on ``scenario``, print its results and leave no process behind.

    Raises ``UserError`` where the data directory holds real work, Airflow is already running on it, a part
    of it dies, or a DAG fails (the end of its log has been printed then; the next start begins afresh).
    """
    registry = registry_of(scenario)
    period = period_of_plan(registry)
    stages = Stages()
    with alone(settings):
        _refuse_if_running(settings)
        with stages.stage("准备"):
            stop_everything(settings)  # what a demonstration that was killed outright may have left
            claimed, resumed = claim(settings, scenario)
        out.print(f"数据目录 {settings.root}，采集运行号 {claimed.run_id}", markup=False)
        if resumed:
            out.print("上次演示没有做完，接着做")
        with _guard(settings), stopping_on_failure(settings, always=True):
            with stages.stage("复制环境"):
                settings = _start_replica(settings, scenario, registry)
            with stages.stage("启动 Airflow"), out.status("启动 Airflow …"):
                api = start_airflow(settings)
            try:
                _run_pipeline(out, stages, settings, api, claimed.run_id, period)
            except httpx.HTTPError as error:
                replace(claimed, over=True).save(settings)
                logs = stack_of(settings).log_file("api-server").parent
                raise UserError(f"Airflow 不再应答（{error}），日志在 {logs}；再次运行会从头做") from None
            except UserError:
                replace(claimed, over=True).save(settings)
                raise
            with stages.stage("停止"):
                stop_everything(settings)
        replace(claimed, over=True).save(settings)
    from reports.summary import print_summary

    print_summary(out, settings, period)
    out.print(str(stages))


def _refuse_if_running(settings: Settings) -> None:
    components = stack_of(settings).components()
    # Without its demonstration a running scheduler is one that `up` started (or that a kill orphaned).
    if DEMO not in components and any(component.is_alive for component in components.values()):
        raise UserError("这个数据目录上的 Airflow 正在运行，请先 make down")


@contextmanager
def _guard(settings: Settings) -> Iterator[None]:
    stack = stack_of(settings)
    stack.record(DEMO, os.getpid())
    guard = subprocess.Popen(
        [sys.executable, "-m", "deploy.local", "down", "--when-closed"],
        cwd=PROJECT,
        env={**os.environ, "XUNJIAN_DATA": str(settings.root)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        guard.kill()
        guard.wait()


def _start_replica(settings: Settings, scenario: str, registry: Path) -> Settings:
    """Serve the scenario; returns the settings under which everything is looked at through the replica."""
    port = free_port(0)
    ours = settings.model_copy(
        update={
            "registry": registry,
            "sessions": settings.root / "sessions",
            "proxy": f"http://{HOST}:{port}",
            "tls_verify": False,
            "pace_seconds": 0.0,
        }
    )
    stack = stack_of(settings)
    arguments = ["--scenario", scenario, "--port", str(port), "--sessions", str(ours.sessions)]
    replica = stack.start(
        "replica",
        [sys.executable, "-m", "xunjian", "replica", "serve", *arguments],
        os.environ,
    )
    deadline = time.monotonic() + _REPLICA_SECONDS
    while not accepts_connections(HOST, port):
        if not replica.is_alive or time.monotonic() > deadline:
            raise UserError(f"复制环境没有启动：\n{stack.log_file('replica').read_text()}")
        time.sleep(0.1)
    return ours


def _run_pipeline(
    out: Console, stages: Stages, settings: Settings, api: AirflowApi, run_id: str, period: str
) -> None:
    # Switched on, the probe makes its first round at once, beside the capture: another pool, other slots.
    for dag_id in ("assess", "circular", "warnings", "capture", "probe"):
        api.pause(dag_id, paused=False)
    with stages.stage("采集"):
        api.trigger("capture", run_id, {"period": period})
        _follow(out, settings, api, "capture", run_id)
    with stages.stage("探测"):
        round_id = api.scheduled_run("probe", _EVENT_SECONDS)
        if round_id is None:
            raise UserError(f"probe 打开 {_EVENT_SECONDS} 秒后还没有开始第一轮")
        _follow(out, settings, api, "probe", round_id)
    # Their schedules must not look at the real network from a later `make up` in this directory.
    api.pause("capture", paused=True)
    api.pause("probe", paused=True)
    runs = {"capture": run_id}
    for dag_id, cause, name in (
        ("assess", "capture", "考核"), ("circular", "assess", "通报"), ("warnings", "assess", "预警"),
    ):  # fmt: skip
        with stages.stage(name):
            caused = api.run_caused_by(dag_id, cause, runs[cause], _EVENT_SECONDS)
            if caused is None:
                raise UserError(f"{cause} 完成后 {_EVENT_SECONDS} 秒内没有触发 {dag_id}")
            runs[dag_id] = caused
            _follow(out, settings, api, dag_id, caused)


def _follow(out: Console, settings: Settings, api: AirflowApi, dag_id: str, run_id: str) -> None:
    """Print each task as it ends, until the run does. Raises ``UserError`` where the run fails or stalls:
    without its scheduler nothing would ever end, and without the replica every page would look dead."""
    told: set[str] = set()
    with out.status(f"{dag_id} …") as status:
        while True:
            refuse_if_dead(settings, (*COMPONENTS, "replica"))
            state = api.run(dag_id, run_id)["state"]
            tasks = api.tasks(dag_id, run_id)
            for task in tasks:
                if task["state"] in ENDED and task["id"] not in told:
                    told.add(task["id"])
                    out.print(_line(task), markup=False)
            if state in ENDED:
                break
            running = sum(task["state"] == "running" for task in tasks)
            status.update(f"{dag_id}：已完成 {len(told)} / {len(tasks)}，进行中 {running}")
            time.sleep(0.5)
    if state != "success":
        for task in tasks:
            if task["state"] == "failed":
                out.print(f"── {_name(task)} 的日志末尾", markup=False)
                out.print("\n".join(api.log_tail(task)), markup=False)
        raise UserError(f"{dag_id} 没有成功（上面是失败任务的日志）；改正后再次运行会从头做")


def _name(task: dict[str, object]) -> str:
    detail = task["rendered_map_index"]
    return f"{task['dag_id']}.{task['task_id']}" + (f" {detail}" if detail else "")


def _line(task: dict[str, object]) -> str:
    mark = {"success": "✓", "skipped": "–"}.get(str(task["state"]), "✗")
    seconds = task["duration"]
    taken = f"{seconds:.1f} 秒" if isinstance(seconds, float) else str(task["state"])
    return f"  {mark} {_name(task)}  {taken}"
