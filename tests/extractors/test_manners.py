"""How this machine behaves towards a platform, across processes: real files, real locks, a real clock."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from extractors.circuit import Circuit, Opened
from extractors.manners import EnoughForToday, Manners
from extractors.outcomes import Outcome
from settings import PROJECT, Settings

# Two turns; each says when it began and when it ended.
_TWO_TURNS = """
import asyncio, json, sys, time
from pathlib import Path
from extractors.manners import Manners
from settings import Settings

async def main():
    manners = Manners(Settings(data=Path(sys.argv[1]), pace_seconds=0.5), "weibo")
    for _ in range(2):
        async with manners.turn():
            began = time.time()
            await asyncio.sleep(0.1)
            print(json.dumps([began, time.time()]), flush=True)
asyncio.run(main())
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", pace_seconds=0)


def _start(script: str, data: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, str(data)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def test_processes_take_turns_at_a_walking_pace(settings: Settings) -> None:
    processes = [_start(_TWO_TURNS, settings.data) for _ in range(3)]
    said = [line for process in processes for line in process.communicate(timeout=60)[0].splitlines()]
    turns = sorted(json.loads(line) for line in said)
    gaps = [after[0] - before[1] for before, after in pairwise(turns)]
    assert len(turns) == 6
    assert min(gaps) >= 0.5 * (1 - settings.pace_jitter)
    assert Manners(settings, "weibo").looks_today() == 6


def test_a_killed_process_keeps_nobody_waiting(settings: Settings) -> None:
    script = _TWO_TURNS.replace("asyncio.sleep(0.1)", "asyncio.sleep(600)").replace(
        "began = time.time()", "print('in', flush=True)"
    )
    holder = _start(script, settings.data)
    assert holder.stdout is not None and holder.stdout.readline() == "in\n"

    async def turn() -> None:
        async with asyncio.timeout(10), Manners(settings, "weibo").turn():
            pass

    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(turn(), 0.5))
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    asyncio.run(turn())


async def test_a_day_has_so_many_looks(settings: Settings) -> None:
    capped = settings.model_copy(update={"daily_cap": 2})
    for _ in range(2):
        async with Manners(capped, "weibo").turn():
            pass
    with pytest.raises(EnoughForToday, match=r"已看 2 次.*明天"):
        async with Manners(capped, "weibo").turn():
            pytest.fail("there was a third look")
    async with Manners(capped, "douyin").turn():
        pass  # each platform has its own
    file = settings.manners / "weibo.json"
    file.write_text(json.dumps(json.loads(file.read_bytes()) | {"day": "2021-03-31"}))
    async with Manners(capped, "weibo").turn():
        pass  # another day
    assert Manners(capped, "weibo").looks_today() == 1


async def test_a_clock_set_back_and_a_torn_file_stop_nobody(settings: Settings) -> None:
    settings.manners.mkdir(parents=True)
    file = settings.manners / "weibo.json"
    slow = settings.model_copy(update={"pace_seconds": 0.2})
    for content in (json.dumps({"day": "", "looks": 0, "ended_at": time.time() + 9e6}), "{"):
        file.write_text(content)
        async with asyncio.timeout(5), Manners(slow, "weibo").turn():
            pass


def test_the_next_process_of_a_run_knows_an_open_circuit_and_the_next_run_closes_it(
    settings: Settings,
) -> None:
    first = Circuit(settings, "weibo", "r1")
    for outcome in (Outcome.CAPTCHA, Outcome.OK_COMPLETE, Outcome.CAPTCHA, Outcome.LOGIN_REQUIRED):
        first.note(outcome)
    assert first.opened_by is None
    first.note(Outcome.LOGIN_REQUIRED)
    assert first.opened_by is Outcome.LOGIN_REQUIRED
    assert Circuit(settings, "weibo", "r1").opened_by is Outcome.LOGIN_REQUIRED
    assert Circuit(settings, "douyin", "r1").opened_by is None
    later = Circuit(settings, "weibo", "r2")
    assert later.opened_by is None, "another run tries again"
    opened = Opened.read(settings, "weibo")
    assert opened is not None and opened.run_id == "r1"
    later.note(Outcome.NOT_FOUND)
    assert Opened.read(settings, "weibo") is not None, "that concerned one account alone"
    later.note(Outcome.OK_PARTIAL)
    assert Opened.read(settings, "weibo") is None
