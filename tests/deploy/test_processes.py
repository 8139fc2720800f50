"""Nothing of ours stays: children, grandchildren, those that detached themselves, those that resist."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deploy.processes import Stack

_SLEEP = "import time; time.sleep(600)"
# A leader with a child in a session of its own, as a browser is.
_FAMILY = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {_SLEEP!r}], start_new_session=True)
print(child.pid, flush=True)
time.sleep(600)
"""
_DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); {_SLEEP}"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    stack = Stack(tmp_path / "home")
    yield stack
    for process in stack.processes():
        process.kill()


def _said(stack: Stack, name: str) -> str:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if (text := stack.log_file(name).read_text()).endswith("\n"):
            return text.strip()
        time.sleep(0.05)
    raise AssertionError(f"{name} said nothing")


def _start(stack: Stack, name: str, code: str) -> int:
    return stack.start(name, [sys.executable, "-c", code], os.environ).pid


def _lives(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_component_is_started_and_stopped_and_stopping_again_is_no_error(stack: Stack) -> None:
    pid = _start(stack, "one", _SLEEP)
    assert stack.components()["one"].is_alive
    assert stack.stop(["one"]) == []
    assert not _lives(pid)
    assert stack.components() == {}
    assert stack.stop(["one"]) == []


def test_a_child_in_a_session_of_its_own_goes_too(stack: Stack) -> None:
    _start(stack, "family", _FAMILY)
    child = int(_said(stack, "family"))
    assert stack.stop(["family"]) == []
    assert not _lives(child)


def test_an_orphan_whose_leader_was_killed_is_found_by_its_mark(stack: Stack) -> None:
    leader = _start(stack, "family", _FAMILY)
    child = int(_said(stack, "family"))
    psutil.Process(leader).kill()
    psutil.Process(leader).wait()
    assert _lives(child)
    assert stack.stop(["family"]) == []
    assert not _lives(child)


def test_what_ignores_the_request_is_killed(stack: Stack) -> None:
    pid = _start(stack, "deaf", _DEAF)
    assert _said(stack, "deaf") == "deaf"
    assert stack.stop(["deaf"]) == []
    assert not _lives(pid)


def test_another_process_that_got_a_recorded_pid_is_left_alone(stack: Stack, tmp_path: Path) -> None:
    other = Stack(tmp_path / "other")
    pid = _start(other, "stranger", _SLEEP)
    stack.record("mine", pid)
    record = stack.home / "run" / "mine.json"
    record.write_text(record.read_text().replace('"started": ', '"started": 1'))
    try:
        assert stack.stop(["mine"]) == []
        assert _lives(pid)
    finally:
        other.stop(["stranger"])
