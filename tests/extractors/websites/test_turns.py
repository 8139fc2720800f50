"""One host, one page: among tabs, among processes, and seen in a real browser with shards side by side."""

import asyncio
import json
import multiprocessing
import time
from itertools import pairwise
from pathlib import Path

import pytest

from extractors.browser import Browser
from extractors.plan import Plan
from extractors.records import Column, Subject
from extractors.websites.turns import HostTurn, host_turn
from extractors.websites.visit import visit_website
from replica.scenario import load_scenario
from replica.server import running_replica
from settings import Settings

HOST = "http://www.hecheng.gov.cn/"
PLAN = Plan.model_validate(
    {
        "period": "2021Q1",
        "sampling": {"from": "2021-01-01", "to": "2021-03-31"},
        "monitoring_points": ["2021-03-31T23:59:59+08:00"],
        "indicators": ["W3", "W4"],
        "since": "2020-09-01",
    }
)


def _settings(data: Path, pace: float = 0) -> Settings:
    return Settings(data=data, pace_seconds=pace)


async def test_a_host_is_one_tabs_at_a_time_and_others_are_free(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    async with host_turn(settings) as one, host_turn(settings) as other:
        await one.take(HOST)
        await other.take("http://wl.hecheng.gov.cn/")
        waiting = asyncio.ensure_future(other.take("https://hecheng.gov.cn./x"))
        await asyncio.sleep(0.3)
        assert not waiting.done(), "www. or not, with or without TLS: the same host"
        assert other.is_for(HOST) is False
        await one.take("http://wl.hecheng.gov.cn/")  # it was given back first: nobody waits in a circle
        await asyncio.wait_for(waiting, 5)
        assert other.is_for(HOST)


async def test_between_two_pages_there_is_a_pause(tmp_path: Path) -> None:
    async with host_turn(_settings(tmp_path, pace=8)) as turn:
        began = time.monotonic()
        await turn.take(HOST)
        assert time.monotonic() - began < 0.4
        await turn.take(HOST)
        assert 0.5 <= time.monotonic() - began < 2.5


def _hold(data: str, log: str) -> None:
    async def work() -> None:
        turn = HostTurn(_settings(Path(data)))
        for _ in range(5):
            await turn.take(HOST)
            began = time.monotonic()
            await asyncio.sleep(0.02)
            with Path(log).open("a") as lines:
                lines.write(json.dumps([began, time.monotonic()]) + "\n")
            await turn.give_back()

    asyncio.run(work())


def test_among_processes(tmp_path: Path) -> None:
    log = tmp_path / "held.jsonl"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_hold, args=(str(tmp_path), str(log))) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    held = sorted(json.loads(line) for line in log.read_text().splitlines())
    assert len(held) == 15
    assert all(end <= start for (_, end), (start, _) in pairwise(held))


@pytest.mark.browser
async def test_two_sites_that_share_a_columns_host_never_open_it_at_once(tmp_path: Path) -> None:
    """Two browsers, as two shards are, each on a site of its own with columns on a third site's host."""
    log = tmp_path / "requests.jsonl"
    shared = [Column(f"栏目{n}", "other", f"http://trs.example.gov.cn/{n}/", None) for n in range(4)]
    shared += [Column("要闻", "other", "http://trs.example.gov.cn/jwyw/", None)]
    with running_replica(load_scenario("site_kinds"), request_log=log) as replica:
        settings = Settings(data=tmp_path, proxy=replica.proxy_url, tls_verify=False, pace_seconds=0)
        open_now: dict[str, int] = {}
        most: dict[str, int] = {}

        async def look(code: str) -> None:
            [site] = replica.scenario.find(code)
            subject = Subject("website", site.id, site.name, None, site.uid, site.home_url, tuple(shared))
            async with Browser(settings) as browser:
                watch = asyncio.create_task(_count(browser, open_now, most))
                await visit_website(browser, subject, PLAN, settings)
                watch.cancel()

        await asyncio.gather(look("4499990107"), look("4499990109"))
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    asked = [line["path"] for line in lines if line["host"] == "trs.example.gov.cn"]
    assert len([path for path in asked if path != "/favicon.ico"]) == 10
    assert most.get("trs.example.gov.cn") == 1, most


async def _count(browser: Browser, open_now: dict[str, int], most: dict[str, int]) -> None:
    """Which hosts this browser's pages show, many times a second; added up over both browsers."""
    mine: list[str] = []
    try:
        while True:
            for host in mine:
                open_now[host] -= 1
            contexts = browser._chromium.contexts if browser._chromium else []
            pages = [page.url for context in contexts for page in context.pages]
            mine = [url.split("/")[2] for url in pages if url.startswith("http")]
            for host in mine:
                open_now[host] = open_now.get(host, 0) + 1
                most[host] = max(most.get(host, 0), open_now[host])
            await asyncio.sleep(0.005)
    finally:
        for host in mine:
            open_now[host] -= 1
