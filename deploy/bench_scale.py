"""``make bench-scale``: many accounts through the real capture — speed, requests, and memory over time.

``python -m deploy.bench_scale [ACCOUNTS [HISTORIES]]``: a daily check of ACCOUNTS synthetic accounts (the
four platforms in the model case's shares), then HISTORIES of them read back over a quarter. The stand-ins
answer from one process; no pause, no daily cap, two browsers at a time.
"""

import base64
import csv
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import Event, Thread

import polars as pl
import psutil
import yaml
from rich.console import Console
from rich.table import Table

from settings import PROJECT

PERIOD = "2021Q1"
_MODEL = PROJECT / "replica" / "scenarios" / "zhanjiang_2021q1"
_SHARES = {"wechat": 130, "weibo": 35, "douyin": 30, "kuaishou": 21}  # of the model case's 216 accounts
# All of one kind on average: a post a day or two, so that the quarter is several pages long.
_ACTIVE = {"newest_days": [0, 3], "every_days": [1, 3], "posts": [60, 80], "share_after_point": 0.3}
_LISTS = {
    "/aweme/v1/web/aweme/post/", "/rest/v/profile/feed", "/ajax/statuses/mymblog", "/cgi-bin/appmsgpublish",
}  # fmt: skip
_EVERY_SECONDS = 2.0


def _uid(platform: str, number: int) -> str:
    if platform == "douyin":
        return f"MS4wLjABAAAA{number:043}"
    if platform == "kuaishou":
        return f"3x{number:013}"
    if platform == "weibo":
        return str(9_100_000_000 + number)
    return base64.b64encode(str(3_100_000_000 + number).encode()).decode()


def _in_shares(count: int) -> Iterator[tuple[str, int]]:
    """``count`` accounts as (platform, number), the platforms in their shares."""
    total, given = sum(_SHARES.values()), 0
    for platform, share in _SHARES.items():
        last = platform == list(_SHARES)[-1]
        mine = count - given if last else round(count * share / total)
        given += mine
        yield from ((platform, number) for number in range(mine))


def write_scenario(folder: Path, accounts: int) -> Path:
    """A scenario directory with so many synthetic accounts and no websites; returns its registry."""
    registry = folder / "registry"
    registry.mkdir(parents=True)
    script = yaml.safe_load((_MODEL / "scenario.yml").read_text(encoding="utf-8"))
    for platform in _SHARES:
        script["defaults"][platform] |= _ACTIVE
    script |= {"accounts": {}, "websites": {}, "states": {}}
    (folder / "scenario.yml").write_text(yaml.safe_dump(script, allow_unicode=True), encoding="utf-8")
    header = "platform,platform_uid,account_name,organiser,status"
    rows = [
        f"{platform},{_uid(platform, number)},合成{platform}{number},合成局,active"
        for platform, number in _in_shares(accounts)
    ]
    (registry / "accounts.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    for table in ("websites", "columns"):
        with (_MODEL / "registry" / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
            columns = next(csv.reader(lines))
        (registry / f"{table}.csv").write_text(",".join(columns) + "\n", encoding="utf-8")
    plan = yaml.safe_load((_MODEL / "registry" / "plan.yml").read_text(encoding="utf-8"))
    plan |= {"indicators": ["M2"], "since": "2020-12-31T00:00:00+08:00"}
    (registry / "plan.yml").write_text(yaml.safe_dump(plan, default_flow_style=None), encoding="utf-8")
    return registry


@contextmanager
def _replica(scenario: Path, sessions: Path, log: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "xunjian", "replica", "serve", "--scenario", str(scenario)]
    command += ["--sessions", str(sessions), "--request-log", str(log)]
    process = Popen(command, stdout=PIPE, text=True, cwd=PROJECT)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait(timeout=30)


class Curve:
    """Proportional memory (PSS, MiB) over time: of everything, and of each shard with its browser."""

    def __init__(self, pid: int) -> None:
        self.peak = 0.0
        self.shards: dict[str, list[float]] = {}
        self._pid = pid
        self._stop = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Curve":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(_EVERY_SECONDS):
            try:
                root = psutil.Process(self._pid)
                total = _mib(root)
                for shard in root.children():
                    mib = _mib(shard, *shard.children(recursive=True))
                    total += mib
                    words = shard.cmdline()
                    if "--shard" in words:
                        self.shards.setdefault(words[words.index("--shard") + 1], []).append(mib)
            except psutil.Error:
                continue  # something of it just ended
            self.peak = max(self.peak, total)

    def by_tenths(self) -> dict[str, list[int]]:
        """Each shard's mean memory (MiB) in each tenth of its time: what grows shows."""
        return {name: _tenths(points) for name, points in sorted(self.shards.items())}


def _mib(*processes: psutil.Process) -> float:
    return float(sum(process.memory_full_info().pss for process in processes)) / 2**20


def _tenths(points: list[float]) -> list[int]:
    cuts = [len(points) * tenth // 10 for tenth in range(11)]
    parts = [points[start:end] for start, end in pairwise(cuts) if start < end]
    return [round(sum(part) / len(part)) for part in parts]


def measure(name: str, accounts: int, more: list[str]) -> dict[str, object]:
    """Capture ``accounts`` synthetic accounts once; ``more``: further arguments of ``xunjian capture``."""
    with tempfile.TemporaryDirectory(prefix="xunjian-scale-") as temporary:
        folder = Path(temporary)
        registry = write_scenario(folder / "scenario", accounts)
        data, log = folder / "data", folder / "requests.jsonl"
        with _replica(folder / "scenario", folder / "sessions", log) as proxy:
            environment = os.environ | {
                "XUNJIAN_DATA": str(data), "XUNJIAN_REGISTRY": str(registry), "XUNJIAN_PROXY": proxy,
                "XUNJIAN_SESSIONS": str(folder / "sessions"), "XUNJIAN_TLS_VERIFY": "false",
                "XUNJIAN_PACE_SECONDS": "0", "XUNJIAN_DAILY_CAP": "0", "XUNJIAN_CONCURRENCY": "2",
            }  # fmt: skip
            command = [sys.executable, "-m", "xunjian", "capture", "--period", PERIOD]
            command += ["--only", "platform", *more]
            began = time.monotonic()
            process = Popen(command, env=environment, cwd=PROJECT, stdout=DEVNULL)
            with Curve(process.pid) as curve:
                status = process.wait()
            seconds = time.monotonic() - began
        if status != 0:
            raise SystemExit(f"采集以 {status} 结束")
        captures = pl.read_parquet(data / "landing" / "captures" / "**" / "*.parquet")
        requests = [json.loads(line)["path"] for line in log.read_text("utf-8").splitlines()]
        lists = sum(path in _LISTS for path in requests)
        looks = captures.height
        return {
            "name": name,
            "subjects": looks,
            "outcomes": dict(Counter(captures["outcome"].to_list())),
            "seconds": round(seconds, 1),
            "subjects_per_second": round(looks / seconds, 2),
            "list_responses_per_subject": round(lists / looks, 2),
            "requests_per_subject": round(len(requests) / looks, 2),
            "seconds_per_subject_by_platform": {
                platform: round(float(mean) / 1000, 2)
                for platform, mean in captures.group_by("platform")
                .agg(pl.col("duration_ms").mean())
                .sort("platform")
                .iter_rows()
            },
            "peak_mib": round(curve.peak),
            "shard_mib_by_tenths_of_its_time": curve.by_tenths(),
        }


def main() -> None:
    accounts = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    histories = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    out = Console()
    for name, count, more in (("日常检查", accounts, ["--daily"]), ("季度回读", histories, [])):
        result = measure(name, count, more)
        table = Table(title=f"{name}：{count} 个合成账号")
        table.add_column("项目")
        table.add_column("值", justify="right")
        for key, value in result.items():
            table.add_row(key, str(value))
        out.print(table)
        out.print(json.dumps(result, ensure_ascii=False), soft_wrap=True)


if __name__ == "__main__":
    main()
