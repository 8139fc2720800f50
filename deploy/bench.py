"""``make bench``: what capturing costs against a bare Playwright loop over the same pages, in the same run.

Both look at the scenario through its replica, two browsers at a time, with no pause between looks. The bare
loop opens the same addresses and waits for the same first lists; it parses, keeps and lands nothing. What
Airflow adds is the demonstration's time for the same two steps, less the commands' own.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import polars as pl
import psutil
from playwright.async_api import Browser, Error, async_playwright
from rich.console import Console
from rich.table import Table

from extractors.browser import find_chromium
from settings import PROJECT, get_settings

SCENARIO, PERIOD = "zhanjiang_2021q1", "2021Q1"
REGISTRY = PROJECT / "replica" / "scenarios" / SCENARIO / "registry"
BROWSERS = 2
_LIST = re.compile(r"/aweme/v1/web/aweme/post/|/rest/v/profile/feed|/ajax/statuses/mymblog")
_UNFETCHED = {"image", "media", "font"}


class Memory:
    """The peak of proportional memory (PSS, bytes) of a process tree, sampled four times a second."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._pid = pid
        self._stop = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.25):
            total = 0
            try:
                root = psutil.Process(self._pid)
                for process in (root, *root.children(recursive=True)):
                    total += process.memory_full_info().pss
            except psutil.Error:
                continue
            self.peak = max(self.peak, total)


@contextmanager
def replica(sessions: Path) -> Iterator[str]:
    """The scenario's stand-ins in a process of their own; gives the proxy's address."""
    command = [sys.executable, "-m", "xunjian", "replica", "serve", "--scenario", SCENARIO]
    process = subprocess.Popen(
        [*command, "--sessions", str(sessions)], stdout=subprocess.PIPE, text=True, cwd=PROJECT
    )
    try:
        assert process.stdout is not None
        found = next(
            match for line in process.stdout if (match := re.search(r"http://127\.0\.0\.1:\d+", line))
        )
        yield found[0]
    finally:
        process.terminate()
        process.wait(timeout=20)


def timed(arguments: list[str], environment: dict[str, str]) -> tuple[float, int]:
    """Run one command of the command line: seconds, and the tree's peak memory in bytes."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "xunjian", *arguments], env=environment, cwd=PROJECT, stdout=subprocess.DEVNULL
    )
    with Memory(process.pid) as memory:
        status = process.wait()
    if status != 0:
        raise SystemExit(f"xunjian {' '.join(arguments)} 以 {status} 结束")
    return time.monotonic() - started, memory.peak


def pages_of(data: Path) -> dict[str, list[str]]:
    """Which documents each subject's capture opened; WeChat's lists are asked for from one backend page."""
    landing = data / "landing"
    visits = pl.read_parquet(landing / "page_visits" / "**" / "*.parquet")
    captures = pl.read_parquet(landing / "captures" / "**" / "*.parquet")
    pages: dict[str, list[str]] = {}
    for site, url in visits.select("site_code", "url").iter_rows():
        pages.setdefault(site, []).append(url)
    accounts = captures.filter((pl.col("subject_kind") == "account") & (pl.col("platform") != "wechat"))
    for subject, url in accounts.select("subject_id", "url").iter_rows():
        pages.setdefault(subject, []).append(url)
    return pages


async def _bare(pages: dict[str, list[str]], proxy: str) -> None:
    """Two browsers, one subject at a time in each: a fresh context, its pages, the wait for its list."""
    queue = list(pages.items())

    async def work(browser: Browser) -> None:
        while queue:
            subject, urls = queue.pop()
            context = await browser.new_context(ignore_https_errors=True)
            await context.route(
                "**/*",
                lambda route: (
                    route.abort() if route.request.resource_type in _UNFETCHED else route.continue_()
                ),
            )
            page = await context.new_page()
            for url in urls:
                try:
                    if ":" in subject:
                        async with page.expect_response(_LIST, timeout=15_000):
                            await page.goto(url, wait_until="commit")
                    else:
                        await page.goto(url, wait_until="domcontentloaded")
                        await page.content()
                except Error:
                    continue
            await context.close()

    async with async_playwright() as playwright:
        browsers = [
            await playwright.chromium.launch(
                executable_path=find_chromium(get_settings()),
                args=["--no-sandbox"] if os.geteuid() == 0 else [],
                proxy={"server": proxy},
            )
            for _ in range(BROWSERS)
        ]
        await asyncio.gather(*(work(browser) for browser in browsers))
        for browser in browsers:
            await browser.close()


def through_airflow(data: Path) -> dict[str, float]:
    """The demonstration's seconds by stage, as it prints them."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local", "demo"],
        env=os.environ | {"XUNJIAN_DATA": str(data)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("用时"))
    return {
        name: float(seconds) for name, seconds in re.findall(r"([^，]+?) ([\d.]+) 秒", line.split("：")[1])
    }


def main() -> None:
    out = Console()
    with tempfile.TemporaryDirectory(prefix="xunjian-bench-") as folder:
        data, sessions = Path(folder) / "data", Path(folder) / "sessions"
        with replica(sessions) as proxy:
            environment = os.environ | {
                "XUNJIAN_DATA": str(data),
                "XUNJIAN_REGISTRY": str(REGISTRY),
                "XUNJIAN_SESSIONS": str(sessions),
                "XUNJIAN_PROXY": proxy,
                "XUNJIAN_TLS_VERIFY": "false",
                "XUNJIAN_PACE_SECONDS": "0",
                "XUNJIAN_CONCURRENCY": str(BROWSERS),
            }
            # The same work for both: WeChat's lists need the backend's session, which a bare loop has not.
            seconds, peak = timed(["capture", "--period", PERIOD], environment)
            pages = pages_of(data)
            captured = pl.read_parquet(data / "landing" / "captures" / "**" / "*.parquet")
            wechat = captured.filter(pl.col("platform") == "wechat")
            compared = seconds - float(wechat["duration_ms"].sum()) / 1000 / BROWSERS
            started = time.monotonic()
            asyncio.run(_bare(pages, proxy))
            bare = time.monotonic() - started
        assess, _ = timed(["assess", "--period", PERIOD], environment)
        stages = through_airflow(Path(folder) / "airflow-data")
    results = {
        "subjects": captured.height,
        "capture_seconds": round(seconds, 1),
        "subjects_per_second": round(captured.height / seconds, 2),
        "subjects_per_second_without_wechat": round(len(pages) / compared, 2),
        "bare_subjects_per_second": round(len(pages) / bare, 2),
        "ratio_to_bare": round(bare / compared, 2),
        "browser_pool_peak_mib": round(peak / 1024**2),
        "assess_seconds": round(assess, 1),
        "airflow_start_seconds": stages["启动 Airflow"],
        "airflow_adds_to_capture_seconds": round(stages["采集"] - seconds, 1),
        "airflow_adds_to_assess_seconds": round(stages["考核"] - assess, 1),
    }
    table = Table(title="测量结果（采集与裸循环在同一次运行、同样两个浏览器）")
    table.add_column("项目")
    table.add_column("值", justify="right")
    for name, value in results.items():
        table.add_row(name, str(value))
    out.print(table)
    out.print(json.dumps(results), soft_wrap=True)


if __name__ == "__main__":
    main()
