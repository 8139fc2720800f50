"""``python -m deploy.probe_bench``: what a quarter's probe files cost to load, and what one more round costs.

27 rounds a day for 91 days land 2,457 files, one a round. They are made here, loaded by the product's own
``load`` into an empty warehouse, then once more with nothing new and once with one round more.
"""

import argparse
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from extractors.landing import landed_file, write_table
from settings import Settings
from warehouse import load

ROUNDS = 27 * 91
EVERY = timedelta(minutes=53)
START = datetime(2021, 1, 1, tzinfo=UTC)
PERIOD = "2021Q1"


def land_round(landing: Path, number: int, sites: int) -> None:
    """One round over ``sites`` sites and three controls before and after: opened, all but every 500th."""
    at, run_id = START + number * EVERY, f"probe-{number:05}"
    targets = [(f"44{site:08}", "site") for site in range(sites)] + [
        (f"control{n}", "control") for n in range(6)
    ]
    rows = [
        {
            "probe_id": f"{run_id}/{place}", "run_id": run_id, "period": PERIOD, "extractor_version": "1",
            "slot": "round", "site_code": code, "target_kind": kind, "url": f"http://{code}.gov.cn/",
            "probed_at": at + timedelta(seconds=place / 10), "channel": "http",
            "outcome": "opened" if (place + number) % 500 else "slow", "http_status": 200,
            "elapsed_ms": 350, "limit_ms": 15000, "opened": bool((place + number) % 500), "simulated": False,
        }
        for place, (code, kind) in enumerate(targets)
    ]  # fmt: skip
    write_table(landed_file(landing, "probes", PERIOD, run_id, "round"), "probes", rows)


def loaded(settings: Settings) -> str:
    """One load by the product: seconds, files a second."""
    started = time.monotonic()
    done = load(settings)
    seconds = time.monotonic() - started
    return f"{seconds:.2f} 秒（{done}）"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--sites", type=int, default=200)
    words.add_argument("--rounds", type=int, default=ROUNDS)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="xunjian-probes-") as name:
        settings = Settings(data=Path(name))
        for number in range(asked.rounds):
            land_round(settings.landing, number, asked.sites)
        out = [f"{asked.rounds} 轮 × {asked.sites} 个网站", f"首次装载 {loaded(settings)}"]
        out.append(f"没有新文件时 {loaded(settings)}")
        land_round(settings.landing, asked.rounds, asked.sites)
        out.append(f"多一轮时 {loaded(settings)}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write("\n".join([*out, f"内存峰值 {peak} MB"]) + "\n")


if __name__ == "__main__":
    main()
