"""Background processes: started in sessions of their own, recorded, stopped to the last child.

A component (scheduler, API server, replica…) is recorded in ``<home>/run/<name>.json`` by pid and start
time. Its children are found in three ways, since each alone misses some: as descendants, by session, and
by a mark in the environment (a browser detaches itself, and an orphan has no parent to be found by).
"""

import contextlib
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from settings import PROJECT

MARK = "XUNJIAN_STACK"
_GRACE_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Component:
    name: str
    pid: int
    started: float  # epoch seconds, as the kernel knows it: tells a reused pid from ours

    @property
    def process(self) -> psutil.Process | None:
        """The process that was recorded, zombie or not; None where it has ended."""
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            if abs(process.create_time() - self.started) < 1:
                return process
        return None

    @property
    def is_alive(self) -> bool:
        process = self.process
        return process is not None and _is_alive(process)


class Stack:
    """All background processes that belong to one home directory."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._records = home / "run"

    def log_file(self, name: str) -> Path:
        return self._records / f"{name}.log"

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> Component:
        """Start ``command`` in its own session, its output in :meth:`log_file`, and record it."""
        self._records.mkdir(parents=True, exist_ok=True)
        with self.log_file(name).open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env={**env, MARK: str(self.home)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.record(name, process.pid)

    def record(self, name: str, pid: int) -> Component:
        """Note down a process that is already running."""
        self._records.mkdir(parents=True, exist_ok=True)
        component = Component(name, pid, psutil.Process(pid).create_time())
        record = {"pid": pid, "started": component.started}
        (self._records / f"{name}.json").write_text(json.dumps(record))
        return component

    def components(self) -> dict[str, Component]:
        """Everything recorded, alive or not."""
        return {
            path.stem: Component(path.stem, **json.loads(path.read_text()))
            for path in sorted(self._records.glob("*.json"))
        }

    def processes(self, only: Component | None = None) -> list[psutil.Process]:
        """Every living process of one component, or of all of them with every marked orphan."""
        components = [only] if only else list(self.components().values())
        # A session keeps its leader's pid after the leader's end; a reused pid is not the leader.
        sessions = {c.pid for c in components if c.process or not psutil.pid_exists(c.pid)}
        found: dict[int, psutil.Process] = {}
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                marked = only is None and process.environ().get(MARK) == str(self.home)
                if marked or os.getsid(process.pid) in sessions:
                    found[process.pid] = process
        for component in components:
            with contextlib.suppress(psutil.NoSuchProcess):
                if leader := component.process:
                    family = [leader, *leader.children(recursive=True)]
                    found.update({process.pid: process for process in family})
        return [p for p in found.values() if p.pid != os.getpid() and _is_alive(p)]

    def stop(self, order: Sequence[str]) -> list[psutil.Process]:
        """End every process: component by component in ``order``, then whatever else is there.

        First the leader is asked (SIGTERM), then its children, at last all are killed. Returns the
        processes that are still there: none, unless the system refuses to kill them.
        """
        recorded = self.components()
        for component in (recorded[name] for name in order if name in recorded):
            family = self.processes(component)
            _terminate([p for p in family if p.pid == component.pid], seconds=2)
            _kill(_terminate(family, seconds=_GRACE_SECONDS))
        _kill(_terminate(self.processes(), seconds=_GRACE_SECONDS))
        left = self.processes()
        if not left:
            for record in self._records.glob("*.json"):
                record.unlink()
        return left


def _is_alive(process: psutil.Process) -> bool:
    """Whether it is running; a zombie has ended and only waits for its parent."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _terminate(processes: Sequence[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Ask the living ones to end; returns those that still live after ``seconds``."""
    living = [process for process in processes if _is_alive(process)]
    for process in living:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, left = psutil.wait_procs(living, timeout=seconds)
    return [process for process in left if _is_alive(process)]


def _kill(processes: Sequence[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=3)
