"""Start and stop the local Airflow: scheduler with LocalExecutor, DAG processor, API server with the UI."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import psutil
from filelock import FileLock, Timeout

from deploy.airflow_api import AirflowApi
from deploy.airflow_env import HOST, airflow_env, airflow_home, free_port, make_secrets, read_password
from deploy.processes import Stack
from errors import UserError
from settings import PROJECT, Settings

# No triggerer: no task of ours defers. Logs are read from disk, so the scheduler need not serve them.
COMPONENTS = {
    "api-server": ["api-server"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
}
DAGS = {"capture", "assess", "circular", "warnings"}
# The API server goes last: a task that is ending still reports to it.
STOP_ORDER = ("scheduler", "dag-processor", "api-server", "replica")
DEMO = "demo"
_START_SECONDS = 180


def stack_of(settings: Settings) -> Stack:
    return Stack(airflow_home(settings))


_CLEARING_SECONDS = 45.0


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Only one command starts or stops the processes of a data directory at a time.

    Another may be clearing up after a demonstration that was killed: that is waited for.
    """
    home = airflow_home(settings)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with FileLock(home / "stack.lock", timeout=_CLEARING_SECONDS):
            yield
    except Timeout:
        raise UserError(f"另一个命令正在启动或停止 {home} 的进程，请稍候；或先 make down") from None


def url_file(settings: Settings) -> Path:
    return airflow_home(settings) / "run" / "url"


def start_airflow(settings: Settings) -> AirflowApi:
    """Migrate the metadata, import the pools, start the components and wait until all are healthy.

    Returns a logged-in client. Raises ``UserError`` with the end of the log where something does not
    start; whatever was started is left to the caller to stop.
    """
    stack = stack_of(settings)
    port = free_port()
    url = f"http://{HOST}:{port}"
    make_secrets(settings)
    env = airflow_env(settings, port)
    _airflow(env, "db", "migrate")
    for name, command in COMPONENTS.items():
        stack.start(name, [sys.executable, "-m", "airflow", *command], env)
    url_file(settings).write_text(url)
    _airflow(env, "pools", "import", str(PROJECT / "deploy" / "pools.json"))
    api = AirflowApi(url, read_password(settings))
    _wait_until_healthy(settings, stack, api)
    return api


def accepts_connections(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _airflow(env: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "airflow", *arguments]
    done = subprocess.run(
        command, cwd=PROJECT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise UserError(f"airflow {' '.join(arguments[:2])} 失败：\n{_tail(done.stdout + done.stderr)}")


def _tail(text: str, lines: int = 25) -> str:
    return "\n".join(text.splitlines()[-lines:])


def refuse_if_dead(settings: Settings, names: Iterable[str]) -> None:
    """Raises ``UserError`` with the end of its log where one of the components is not running."""
    stack = stack_of(settings)
    components = stack.components()
    for name in names:
        if name not in components or not components[name].is_alive:
            log = stack.log_file(name)
            said = _tail(log.read_text()) if log.exists() else ""
            raise UserError(f"{name} 没有在运行，日志 {log}：\n{said}")


def _wait_until_healthy(settings: Settings, stack: Stack, api: AirflowApi) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not api.is_healthy():
        refuse_if_dead(settings, COMPONENTS)
        if time.monotonic() > deadline:
            raise UserError(f"Airflow 在 {_START_SECONDS} 秒内没有就绪，日志在 {stack.log_file('').parent}")
        time.sleep(0.5)
    api.login()
    while not api.knows(DAGS):
        if errors := api.import_errors():
            raise UserError(f"DAG 文件有错误：\n{_tail(errors[0])}")
        if time.monotonic() > deadline:
            raise UserError(f"Airflow 在 {_START_SECONDS} 秒内没有读到 DAG")
        time.sleep(0.5)


def stop_everything(settings: Settings) -> None:
    """End all of our processes, children too. May be called again. Raises ``UserError`` if one resists."""
    if left := stack_of(settings).stop(STOP_ORDER):
        raise UserError(f"仍有进程没有结束：{', '.join(str(process.pid) for process in left)}")


def end_demo(settings: Settings) -> None:
    """Ask a running demonstration to end: it stops what it started. What it leaves, stopping finds."""
    running = stack_of(settings).components().get(DEMO)
    if running and running.is_alive and (process := running.process):
        process.terminate()
        psutil.wait_procs([process], timeout=60)


def _end_on(signal_number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + signal_number)


@contextmanager
def stopping_on_failure(settings: Settings, *, always: bool = False) -> Iterator[None]:
    """Stop everything where the block fails or is interrupted; with ``always``, in any case."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end_on)
    succeeded = False
    try:
        yield
        succeeded = True
    finally:
        if always or not succeeded:
            # A second Ctrl-C must not leave half of them behind.
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            stop_everything(settings)
