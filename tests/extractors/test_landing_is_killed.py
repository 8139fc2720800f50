"""A shard killed at any of its renames, and a disk that fills up: nothing half-landed, nothing twice."""

import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from errors import UserError
from extractors.capture import run_shard
from extractors.custody.seal import seal
from extractors.custody.verify import verify
from extractors.landing import SCHEMAS
from extractors.registry import Registry
from extractors.registry.snapshot import land_snapshot
from settings import Settings
from tests.extractors.custody.landed_run import land_run, spool_run
from tests.extractors.small_disk import fill, small_disk

SHARD = "douyin"


def landed(settings: Settings) -> dict[str, list[dict[str, Any]]]:
    return {
        table: pq.ParquetFile(path).read().to_pylist()
        for table in SCHEMAS
        for path in settings.landing.glob(f"{table}/*/*/shard={SHARD}.parquet")
    }


def _land_and_die(registry: Registry, settings: Settings, renames: int) -> None:
    """Land, seal and land the registry; die by SIGKILL before the rename of that number."""
    rename, left = Path.replace, [renames]

    def fatal(path: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return rename(path, target)

    Path.replace = fatal  # type: ignore[method-assign, assignment]
    _land(registry, settings)


def _land(registry: Registry, settings: Settings) -> None:
    assert run_shard(registry, settings, "r1", SHARD) == 0
    seal(settings, "r1")
    land_snapshot(registry, settings)


def test_killed_at_every_rename(registry: Registry, settings: Settings) -> None:
    undisturbed = settings.model_copy(update={"data": settings.data / "undisturbed"})
    spool_run(registry, undisturbed, "r1")
    _land(registry, undisturbed)
    expected = landed(undisturbed)
    assert len(expected["captures"]) == 2 and len(expected["evidence"]) == 4
    context = multiprocessing.get_context("fork")
    kills = 0
    for renames in range(1, 40):
        own = settings.model_copy(update={"data": settings.data / str(renames)})
        spool_run(registry, own, "r1")
        process = context.Process(target=_land_and_die, args=(registry, own, renames))
        process.start()
        process.join()
        kills += process.exitcode == -signal.SIGKILL
        _land(registry, own)
        assert landed(own) == expected, renames
        assert list(own.root.rglob(".*.tmp")) == [] and not (own.runs / "r1" / SHARD).exists()
        assert [d.what for d in verify(own).damages] == [], renames
        if process.exitcode == 0:
            break
    assert kills > 12 and process.exitcode == 0


@pytest.mark.parametrize("leaving", [0, 8192, 20480, 32768])
def test_a_full_disk_is_said_and_nothing_is_half_landed(
    registry: Registry, settings: Settings, leaving: int
) -> None:
    with small_disk(settings.root, 1):
        _fill_up_and_mend(registry, settings, leaving)


def _fill_up_and_mend(registry: Registry, settings: Settings, leaving: int) -> None:
    land_run(registry, settings, "r0")
    seal(settings)
    names = spool_run(registry, settings, "r1")
    filler = fill(settings.root, leaving)
    with pytest.raises((UserError, OSError), match=r"无法写入|No space left"):
        for name in names:
            run_shard(registry, settings, "r1", name)
        seal(settings, "r1")
        land_snapshot(registry, settings)
    for shard in names:
        files = list(settings.landing.glob(f"*/*/run=r1/shard={shard}.parquet"))
        assert len(files) in (0, len(SCHEMAS)), files
    assert verify(settings).damages == [] and not list(settings.landing.rglob(".*.tmp"))
    filler.unlink()
    for name in names:
        assert run_shard(registry, settings, "r1", name) == 0
    seal(settings)
    found = verify(settings)
    assert found.damages == [] and len(landed(settings)["captures"]) == 2
