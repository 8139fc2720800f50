"""The shard process is killed at twenty random moments of a run against the replica, browser and all."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import psutil
import pyarrow.parquet as pq
import pytest

from extractors.capture import _environment
from extractors.custody.seal import seal
from extractors.custody.verify import verify
from extractors.registry import Registry, read_registry
from extractors.registry.snapshot import land_snapshot
from extractors.shards import freeze_shards
from replica.scenario import BUNDLED
from replica.server import running_replica
from replica.sessions import write_sessions
from settings import PROJECT, Settings
from warehouse import build, load

pytestmark = pytest.mark.browser
KILLS = 20
SEED = 20210331
SCENARIO = BUNDLED / "zhanjiang_2021q1" / "registry"
# What two looks at the same thing may differ in: when, and how long it took. Not their ids: the runs have one
# name. A journal and a picture tell the time too: only they may have another hash.
_CLOCKS = {
    "captured_at", "seen_at", "visited_at", "duration_ms", "server_date", "loaded_at", "first_seen_at",
    "last_seen_at", "started_at", "as_of", "snapshot_at", "valid_from",
}  # fmt: skip
_OWN_HASH = ("journal", "screenshot", "sample")


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


def rows(settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """What landed, without what two looks may differ in."""
    return {
        table: [
            {name: value for name, value in row.items() if name not in _CLOCKS}
            for path in sorted(settings.landing.glob(f"{table}/*/*/*.parquet"))
            for row in pq.ParquetFile(path).read().to_pylist()
        ]
        for table in ("captures", "posts", "site_items", "page_visits")
    }


def marts(settings: Settings) -> dict[str, list[str]]:
    """Every mart's rows after an assessment, without what two looks may differ in."""
    load(settings)
    build(settings, "2021Q1")
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as file:
        tables = file.execute(
            "select table_name, list(column_name order by column_index) from duckdb_columns() "
            "where schema_name = 'marts' group by all"
        ).fetchall()
        found = {}
        for table, columns in tables:
            kept = ", ".join(name for name in columns if name not in _CLOCKS)
            told = f"where role not in {_OWN_HASH}" if table == "fct_evidence" else ""
            found[table] = sorted(
                map(str, file.execute(f"select {kept} from marts.{table} {told}").fetchall())
            )
    return found


def complete(settings: Settings, shards: list[str]) -> None:
    for shard in shards:
        process = start(settings, "r1", shard)
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()


def test_twenty_kills(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    registry = eight(read_registry(SCENARIO))
    undisturbed, killed = (
        settings.model_copy(update={"data": settings.data / name}) for name in ("undisturbed", "killed")
    )
    shards = [shard.name for shard in freeze_shards(registry, undisturbed, "r1")]
    freeze_shards(registry, killed, "r1")
    began = time.monotonic()
    complete(undisturbed, shards)
    a_shard = (time.monotonic() - began) / len(shards)
    drawn = random.Random(SEED)
    moments, family = [], []
    for number in range(KILLS):
        process = start(killed, "r1", shards[number % len(shards)])
        moment = drawn.uniform(0, min(a_shard, 8.0))
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
    complete(killed, shards)
    _, alive = psutil.wait_procs(family, timeout=10)
    # On a busy machine many are killed before their browser has started.
    assert alive == [] and family, "no browser outlives its shard"
    for one in (undisturbed, killed):
        seal(one)
        land_snapshot(registry, one)
    expected, found = rows(undisturbed), rows(killed)
    for table, of_table in expected.items():
        assert found[table] == of_table, table
        assert of_table
    with ThreadPoolExecutor() as side_by_side:
        told, told_again = side_by_side.map(marts, (undisturbed, killed))
    other = {name: set(told[name]) ^ set(told_again[name]) for name in told}
    assert {name: sorted(found)[:4] for name, found in other.items() if found} == {}
    assert {name: len(found) for name, found in told.items()} == {n: len(f) for n, f in told_again.items()}
    assert len(told) > 20 and len(told["fct_captures"]) == len(expected["captures"])
    assert len(told["fct_verdicts"]) == 8
    assert left_behind(killed.root) == []
    assert [damage.what for damage in verify(killed).damages] == []


def left_behind(root: Path) -> list[str]:
    """Temporary files, and spools of shards that are through."""
    temporary = [path for path in root.rglob("*") if path.name.endswith(".tmp")]
    return [str(path) for path in temporary + [p for p in root.glob("runs/*/*") if p.is_dir()]]


@pytest.fixture
def temporary() -> Iterator[str]:
    """A folder with a short name: Chromium makes a socket in it, whose path may have 108 bytes at most."""
    with tempfile.TemporaryDirectory(prefix="xj-") as folder:
        yield folder


def test_full_shared_memory_and_a_full_temporary_folder(settings: Settings, temporary: str) -> None:
    """Chromium is told to leave ``/dev/shm`` alone, and its profile may stay unwritten; only where it cannot
    even make a folder of its own does it not start, and that is said."""
    registry = eight(read_registry(SCENARIO))
    full = "mount -t tmpfs -o {1} tmpfs {0} && (dd if=/dev/zero of={0}/full 2>/dev/null; true)"
    places = (
        ("shm", "/dev/shm", "size=64k"),
        ("tmp", temporary, "size=64k"),
        ("no-files", temporary, "nr_inodes=1"),
    )
    for run_id, filled, size in places:
        freeze_shards(registry, settings, run_id)
        capture = (
            f"-m xunjian capture --period 2021Q1 --run-id {run_id} --shard kuaishou --registry {SCENARIO}"
        )
        script = f"{full.format(filled, size)} && TMPDIR={temporary} exec {sys.executable} {capture}"
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", script], cwd=PROJECT, env=_environment(settings),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if "unshare" in done.stderr or "mount:" in done.stderr:
            pytest.skip(f"this machine may not mount: {done.stderr.strip()}")
        captures = [row for row in rows(settings)["captures"] if row["run_id"] == run_id]
        if run_id == "no-files":
            assert (done.returncode, done.stderr.count("\n"), captures) == (2, 1, []), done.stderr
            assert done.stderr.startswith("错误：Chromium 无法启动"), done.stderr
            assert "no space left" in done.stderr, done.stderr
            continue
        assert done.returncode == 0, (filled, done.stderr)
        assert len(captures) >= 6 and {row["outcome"] for row in captures} == {"ok_complete"}, filled
