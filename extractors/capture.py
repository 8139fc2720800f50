"""The entry points of capturing: one shard in this process, or a whole run as shards in subprocesses."""

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from filelock import FileLock, Timeout
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from errors import UserError
from extractors.alerts import alerts_of, tell
from extractors.custody.seal import Seal, seal
from extractors.engine import ShardCapture, is_landed
from extractors.registry import Only, Registry
from extractors.shards import Shard, freeze_shards, frozen_run, plan_shards, run_folder
from extractors.spool import Spool, looks_done
from extractors.summary import Summary, summarise
from settings import PROJECT, Settings

UNFINISHED = 75  # EX_TEMPFAIL: what is done is kept; run it again to go on
# A run that was left longer ago is another look at another time, not the same one continued.
_CONTINUE_WITHIN = timedelta(hours=36)
_NOT_DONE = "未完成："
_GRACE_SECONDS = 15.0
_BEYOND_DEADLINE = 120.0  # a shard minds its own deadline; this is for one that no longer does


def run_shard(registry: Registry, settings: Settings, run_id: str, name: str) -> int:
    """Capture one shard here and land it. Returns the exit status: 0, or 75 where it must be continued.

    A finished shard is left as it is. Raises :class:`errors.UserError` for what a person must mend.
    """
    freeze_shards(registry, settings, run_id)
    run = frozen_run(settings, run_id)
    assert run is not None
    shard = run.shard(name)
    lock = FileLock(run_folder(settings, run_id) / f"{name}.lock")
    try:
        with lock.acquire(timeout=0):
            capture = ShardCapture(settings, run.plan(registry.plan), run_id, shard)
            why_not = asyncio.run(_until_told_to_stop(capture))
    except Timeout:
        raise UserError(f"采集 {run_id} 的 {name} 正由另一个进程进行：等它结束再运行") from None
    if why_not is None:
        return 0
    sys.stderr.write(f"{_NOT_DONE}{why_not}\n")
    return UNFINISHED


async def _until_told_to_stop(capture: ShardCapture) -> str | None:
    """SIGTERM ends the shard in order: Chromium is closed, what is done is kept."""
    task = asyncio.ensure_future(capture.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return "被要求停止，已采的都已留存"


@dataclass(frozen=True, slots=True)
class Captured:
    """What came of a whole run. ``unfinished``: shards to be continued, each with the reason.

    ``seals``: what of it was sealed just now.
    """

    summary: Summary
    unfinished: dict[str, str]
    seals: list[Seal]

    @property
    def complete(self) -> bool:
        return not self.unfinished

    def __str__(self) -> str:
        alerts = [f"  ！{alert}" for alert in alerts_of(self.summary, self.unfinished)]
        return "\n".join([str(self.summary), *map(str, self.seals), *alerts])


def capture_all(
    registry: Registry,
    settings: Settings,
    only: Only | None = None,
    subject_id: str | None = None,
    run_id: str | None = None,
    daily: bool = False,
) -> Captured:
    """Capture everybody in scope: each shard a subprocess, ``concurrency`` of them at once.

    An unfinished run that was lately at work with the same shards is continued, unless ``run_id`` names one.
    ``daily`` asks of accounts only whether they updated, and leaves websites out.
    Raises :class:`errors.UserError` with a shard's own message where a person must mend something.
    """
    period = registry.plan.period
    if run_id is None:
        run_id = _unfinished_run(registry, settings, only, subject_id, daily) or _new_run_id()
    shards = freeze_shards(registry, settings, run_id, only, subject_id, daily)
    waiting = [shard for shard in shards if not is_landed(settings, period, run_id, shard.name)]
    unfinished = _run_all(registry, settings, run_id, waiting)
    for shard in shards:
        if is_landed(settings, period, run_id, shard.name):
            Spool(settings, run_id, shard).remove()  # a shard killed after landing has left it
    summary = summarise(settings, period, run_id)
    tell(settings, run_id, alerts_of(summary, unfinished))
    return Captured(summary, unfinished, seal(settings, run_id))


def _new_run_id() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


def _unfinished_run(
    registry: Registry, settings: Settings, only: Only | None, subject_id: str | None, daily: bool
) -> str | None:
    """The newest run that was planned just so, was at work of late and is not whole yet."""
    period = registry.plan.period
    files = [(_last_at_work(path.parent), path.parent.name) for path in settings.runs.glob("*/shards.json")]
    oldest = (datetime.now(UTC) - _CONTINUE_WITHIN).timestamp()
    for changed, run_id in sorted(files, reverse=True):
        run = frozen_run(settings, run_id) if changed >= oldest else None
        if run is None or run.period != period or (run.daily_point is not None) != daily:
            continue
        if list(run.shards) != plan_shards(registry, settings, only, subject_id, run_id, daily):
            continue
        if not all(is_landed(settings, period, run_id, shard.name) for shard in run.shards):
            return run_id
    return None


def _last_at_work(folder: Path) -> float:
    """When something of a run was last written (epoch s): a daily cap makes a run go on for days."""
    return max(path.stat().st_mtime for path in folder.iterdir())


# ---- shards as subprocesses


def _run_all(registry: Registry, settings: Settings, run_id: str, waiting: list[Shard]) -> dict[str, str]:
    unfinished: dict[str, str] = {}
    running: dict[subprocess.Popen[bytes], tuple[Shard, float]] = {}
    queue = list(waiting)
    with _sigterm_interrupts(), _progress(settings, run_id, waiting) as show:
        try:
            while queue or running:
                while queue and len(running) < settings.concurrency:
                    shard = queue.pop(0)
                    running[_start(registry, settings, run_id, shard)] = (shard, time.monotonic())
                time.sleep(0.2)
                show()
                for process, (shard, began) in list(running.items()):
                    if process.poll() is None:
                        if time.monotonic() - began > settings.shard_seconds + _BEYOND_DEADLINE:
                            _end(process)
                        continue
                    del running[process]
                    if process.returncode == 2:
                        said = _last_line(settings, run_id, shard, "错误：")
                        raise UserError(said or f"没有留下说明，见 {_log_file(settings, run_id, shard)}")
                    if process.returncode != 0:
                        unfinished[shard.name] = _reason(process.returncode, settings, run_id, shard)
        finally:
            for process in running:
                _end(process)
    return unfinished


def _start(registry: Registry, settings: Settings, run_id: str, shard: Shard) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "xunjian", "capture", "--period", registry.plan.period, "--run-id", run_id,
        "--shard", shard.name, "--registry", str(registry.directory.resolve()),
    ]  # fmt: skip
    with _log_file(settings, run_id, shard).open("ab") as log:
        # A group of its own: it can be ended with its Chromium, and a Ctrl+C reaches it through us alone.
        return subprocess.Popen(
            command, cwd=PROJECT, env=_environment(settings), stdin=subprocess.DEVNULL, stdout=log,
            stderr=log, start_new_session=True,
        )  # fmt: skip


def _environment(settings: Settings) -> dict[str, str]:
    """These settings, for a process that starts elsewhere: every path absolute."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XUNJIAN_")}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if value is not None:
            environment[f"XUNJIAN_{name.upper()}"] = str(
                value.resolve() if isinstance(value, Path) else value
            )
    return environment


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a shard and everything it started: first asked, then forced."""
    try:
        family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    except psutil.NoSuchProcess:
        return
    process.terminate()
    _, alive = psutil.wait_procs(family, timeout=_GRACE_SECONDS)
    for member in alive:
        try:
            member.kill()
        except psutil.NoSuchProcess:
            continue
    process.wait()


def _log_file(settings: Settings, run_id: str, shard: Shard) -> Path:
    return run_folder(settings, run_id) / f"{shard.name}.log"


def _last_line(settings: Settings, run_id: str, shard: Shard, beginning: str) -> str:
    """What the shard said last with that beginning, without it; empty where it said no such thing."""
    lines = _log_file(settings, run_id, shard).read_text(encoding="utf-8", errors="replace").splitlines()
    said = [line.removeprefix(beginning) for line in lines if line.startswith(beginning)]
    return said[-1] if said else ""


def _reason(status: int, settings: Settings, run_id: str, shard: Shard) -> str:
    if status == UNFINISHED:
        return _last_line(settings, run_id, shard, _NOT_DONE) or "已采的都已留存"
    return f"退出码 {status}，见 {_log_file(settings, run_id, shard)}"


@contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    """SIGTERM is taken as Ctrl+C is: the subprocesses must not outlive this one."""

    def interrupt(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _progress(settings: Settings, run_id: str, shards: list[Shard]) -> Iterator["_Show"]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        bars = [(shard, progress.add_task(shard.name, total=len(shard.subjects))) for shard in shards]
        yield _Show(settings, run_id, bars, progress)


@dataclass(frozen=True, slots=True)
class _Show:
    settings: Settings
    run_id: str
    bars: list[tuple[Shard, TaskID]]
    progress: Progress

    def __call__(self) -> None:
        if self.progress.disable:
            return
        run = frozen_run(self.settings, self.run_id)
        for shard, bar in self.bars:
            landed = run is not None and is_landed(self.settings, run.period, self.run_id, shard.name)
            total = len(shard.subjects)
            done = total if landed else min(total, looks_done(self.settings, self.run_id, shard))
            self.progress.update(bar, completed=done)
