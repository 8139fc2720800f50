"""The shard process is killed at twenty random moments of a run against the replica, browser and all."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pyarrow.parquet as pq
import pytest

from extractors.capture import _environment
from extractors.custody.seal import seal
from extractors.custody.verify import verify
from extractors.registry import Registry, read_registry
from extractors.shards import freeze_shards
from replica.scenario import BUNDLED
from replica.server import running_replica
from replica.sessions import write_sessions
from settings import PROJECT, Settings

pytestmark = pytest.mark.browser
KILLS = 20
SEED = 20210331
SCENARIO = BUNDLED / "zhanjiang_2021q1" / "registry"
# What two looks at the same thing may differ in: when, within what, and the bytes of pictures and journals.
_VOLATILE = {
    "capture_id", "run_id", "captured_at", "seen_at", "visited_at", "duration_ms", "server_date", "attempt",
}  # fmt: skip


def eight(registry: Registry) -> Registry:
    """Six accounts of one platform and two websites: two shards."""
    registry.accounts[:] = [row for row in registry.accounts if row["platform"] == "kuaishou"][:6]
    registry.websites[:] = [row for row in registry.websites if "合成" in row["site_name"]][:2]
    return registry


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    folder = tmp_path_factory.mktemp("crash")
    write_sessions(folder / "sessions")
    with running_replica() as replica:
        yield Settings(
            data=folder / "data", sessions=folder / "sessions", proxy=replica.proxy_url, tls_verify=False,
            pace_seconds=0, page_seconds=20,
        )  # fmt: skip


def start(settings: Settings, run_id: str, shard: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "xunjian", "capture", "--period", "2021Q1", "--run-id", run_id]
    command += ["--shard", shard, "--registry", str(SCENARIO)]
    return subprocess.Popen(
        command, cwd=PROJECT, env=_environment(settings), stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def rows(settings: Settings, run_id: str) -> dict[str, list[dict[str, Any]]]:
    """What landed, without what two looks may differ in."""
    return {
        table: [
            {name: value for name, value in row.items() if name not in _VOLATILE}
            for path in sorted(settings.landing.glob(f"{table}/*/run={run_id}/*.parquet"))
            for row in pq.ParquetFile(path).read().to_pylist()
        ]
        for table in ("captures", "posts", "site_items", "page_visits")
    }


def complete(settings: Settings, run_id: str, shards: list[str]) -> None:
    for shard in shards:
        process = start(settings, run_id, shard)
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()


def test_twenty_kills(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    registry = eight(read_registry(SCENARIO))
    shards = [shard.name for shard in freeze_shards(registry, settings, "undisturbed")]
    freeze_shards(registry, settings, "killed")
    began = time.monotonic()
    complete(settings, "undisturbed", shards)
    a_shard = (time.monotonic() - began) / len(shards)
    drawn = random.Random(SEED)
    moments, family = [], []
    for number in range(KILLS):
        process = start(settings, "killed", shards[number % len(shards)])
        moment = drawn.uniform(0, min(a_shard, 3.0))
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            family += psutil.Process(process.pid).children(recursive=True)
            os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        moments.append(round(moment, 2))
    with capsys.disabled():
        sys.stdout.write(
            f"\nseed {SEED}: {KILLS} kills, after {moments} s; {len(family)} processes below them\n"
        )
    complete(settings, "killed", shards)
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == [] and len(family) > KILLS, "no browser outlives its shard"
    seal(settings)
    expected, found = rows(settings, "undisturbed"), rows(settings, "killed")
    for table, of_table in expected.items():
        assert found[table] == of_table, table
        assert of_table
    assert left_behind(settings.root) == []
    assert [damage.what for damage in verify(settings).damages] == []


def left_behind(root: Path) -> list[str]:
    """Temporary files, and spools of shards that are through."""
    temporary = [path for path in root.rglob("*") if path.name.endswith(".tmp")]
    return [str(path) for path in temporary + [p for p in root.glob("runs/*/*") if p.is_dir()]]


def test_full_shared_memory_and_a_full_temporary_folder(settings: Settings, tmp_path: Path) -> None:
    """Chromium needs neither: it is told to leave ``/dev/shm`` alone, and its profile may stay unwritten."""
    registry = eight(read_registry(SCENARIO))
    full = "mount -t tmpfs -o size=64k tmpfs {0} && (dd if=/dev/zero of={0}/full 2>/dev/null; true)"
    for run_id, filled in (("shm", "/dev/shm"), ("tmp", str(tmp_path))):
        freeze_shards(registry, settings, run_id)
        capture = (
            f"-m xunjian capture --period 2021Q1 --run-id {run_id} --shard kuaishou --registry {SCENARIO}"
        )
        script = f"{full.format(filled)} && TMPDIR={tmp_path} exec {sys.executable} {capture}"
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", script], cwd=PROJECT, env=_environment(settings),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if "unshare" in done.stderr or "mount:" in done.stderr:
            pytest.skip(f"this machine may not mount: {done.stderr.strip()}")
        assert done.returncode == 0, (filled, done.stderr)
        captures = rows(settings, run_id)["captures"]
        assert len(captures) >= 6 and {row["outcome"] for row in captures} == {"ok_complete"}, filled
