"""The data's disk fills up in the middle of a capture: one clear line, nothing half-landed, and mended."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from extractors.capture import _environment
from extractors.custody.verify import verify
from extractors.registry import read_registry
from extractors.shards import freeze_shards
from extractors.spool import looks_done
from replica.scenario import BUNDLED
from replica.server import running_replica
from replica.sessions import write_sessions
from settings import PROJECT, Settings
from tests.extractors.small_disk import fill, small_disk

pytestmark = pytest.mark.browser
SCENARIO = BUNDLED / "zhanjiang_2021q1" / "registry"


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    write_sessions(tmp_path / "sessions")
    with running_replica() as replica, small_disk(tmp_path / "data", 16):
        yield Settings(
            data=tmp_path / "data", sessions=tmp_path / "sessions", proxy=replica.proxy_url, tls_verify=False,
            pace_seconds=0.5, page_seconds=20,
        )  # fmt: skip


def test_a_disk_that_fills_up_in_the_middle(settings: Settings) -> None:
    registry = read_registry(SCENARIO)
    registry.websites.clear()
    registry.canaries.clear()
    registry.accounts[:] = [row for row in registry.accounts if row["platform"] == "kuaishou"][:8]
    (shard,) = freeze_shards(registry, settings, "r1")
    run = [sys.executable, "-m", "xunjian", "capture", "--period", "2021Q1", "--run-id", "r1"]
    run += ["--registry", str(SCENARIO)]

    def capture() -> subprocess.Popen[str]:
        return subprocess.Popen(
            run, cwd=PROJECT, env=_environment(settings), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    process = capture()
    end = time.monotonic() + 60
    while looks_done(settings, "r1", shard) < 2:
        assert time.monotonic() < end
        time.sleep(0.05)
    filler = fill(settings.root)
    _fails_with_one_clear_line(process)
    _fails_with_one_clear_line(capture())  # which finds no room from the start
    assert not list(settings.landing.rglob("*.parquet")) and not list(settings.root.rglob("*.tmp"))
    done = looks_done(settings, "r1", shard)
    assert 2 <= done < 8

    filler.unlink()
    process = capture()
    said, error = process.communicate(timeout=120)
    assert (process.returncode, error) == (0, ""), said
    (landed,) = settings.landing.glob("captures/*/*/*.parquet")
    looks = pq.ParquetFile(landed).read().to_pylist()
    assert [(row["outcome"], row["attempt"]) for row in looks] == [("ok_complete", 1)] * 8
    found = verify(settings)
    assert (found.damages, found.unsealed) == ([], [])


def _fails_with_one_clear_line(capture: subprocess.Popen[str]) -> None:
    said, error = capture.communicate(timeout=60)
    assert (capture.returncode, error.count("\n")) == (2, 1), (capture.returncode, said, error)
    assert error.startswith(("错误：无法写入", "错误：写不下了")) and "No space left" in error, error
