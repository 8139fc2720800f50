"""The pace as the platform sees it: the replica's request log, while two runs are at work on one platform."""

import json
import subprocess
import sys
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from extractors.capture import _environment
from extractors.manners import Manners
from extractors.registry import read_registry
from replica.scenario import BUNDLED
from replica.server import running_replica
from replica.sessions import write_sessions
from settings import PROJECT, Settings

pytestmark = pytest.mark.browser
DIRECTORY = BUNDLED / "zhanjiang_2021q1" / "registry"
PACE, JITTER = 1.0, 0.3


def test_two_runs_keep_one_pace(tmp_path: Path) -> None:
    registry = read_registry(DIRECTORY)
    chosen = [s for s in registry.subjects("platform") if s.platform == "kuaishou" and "合成" in s.name][:2]
    log = tmp_path / "requests.jsonl"
    with running_replica(request_log=log) as replica:
        write_sessions(tmp_path / "sessions")
        settings = Settings(
            data=tmp_path / "data", sessions=tmp_path / "sessions", proxy=replica.proxy_url,
            tls_verify=False, pace_seconds=PACE, pace_jitter=JITTER,
        )  # fmt: skip
        runs = [_capture(settings, subject.id) for subject in chosen]
        assert [run.wait(120) for run in runs] == [0, 0]
    asked = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    lists = sorted(
        datetime.fromisoformat(line["time"]) for line in asked if line["path"] == "/rest/v/profile/feed"
    )
    assert len(lists) == 4, "of each run its canary and its account, one list response each"
    gaps = [(after - before).total_seconds() for before, after in pairwise(lists)]
    assert min(gaps) >= PACE * (1 - JITTER), gaps
    assert Manners(settings, "kuaishou").looks_today() == 4


def _capture(settings: Settings, subject_id: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "xunjian", "capture", "--period", "2021Q1", "--daily"]
    command += ["--registry", str(DIRECTORY), "--subject", subject_id]
    return subprocess.Popen(command, cwd=PROJECT, env=_environment(settings), stdout=subprocess.DEVNULL)
