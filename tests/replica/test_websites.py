"""The government sites: what the scenario says of them, their pages, and their states."""

import asyncio
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urljoin

import httpx
import pytest
from playwright.async_api import async_playwright

from replica.scenario import Column, Scenario, Subject, load_scenario
from replica.server import RunningReplica, running_replica
from replica.websites.content import Item, content_of

WINDOW_DAYS = {"news": 14, "notice": 182, "policy": 182}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("zhanjiang_2021q1")


@pytest.fixture(scope="module")
def replica() -> Iterator[RunningReplica]:
    with running_replica() as running:
        yield running


@pytest.fixture
def client(replica: RunningReplica) -> Iterator[httpx.Client]:
    with httpx.Client(proxy=replica.proxy_url, verify=False) as client:
        yield client


def items_of(scenario: Scenario, site: Subject, column: Column) -> list[Item]:
    held = next(one for one in content_of(scenario, site).columns if one.column == column)
    return held.items


def _sites(scenario: Scenario) -> list[Subject]:
    return [subject for subject in scenario.subjects if subject.platform == "websites"]


def _older_than(scenario: Scenario, site: Subject, column: Column, days: int | None) -> bool:
    point = scenario.monitoring_point
    known = [item.at for item in items_of(scenario, site, column) if item.at <= point]
    return bool(days and known and known[0] <= point - timedelta(days=days))


def test_only_the_named_sites_fail(scenario: Scenario) -> None:
    stale, blank = {}, {}
    for site in _sites(scenario):
        stale[site.name] = sum(
            _older_than(scenario, site, column, WINDOW_DAYS.get(column.column_class))
            for column in site.columns
        )
        overdue = sum(_older_than(scenario, site, one, one.update_within_days) for one in site.columns)
        blank[site.name] = sum(not items_of(scenario, site, column) for column in site.columns)
        assert overdue + blank[site.name] < 10, site.name
    assert {name: count for name, count in stale.items() if count} == {"坡头区政府网": 6}
    assert {name: count for name, count in blank.items() if count > 2} == {"湛江市人民政府地方志办公室": 5}


def test_every_site_shows_all_it_published(scenario: Scenario, client: httpx.Client) -> None:
    for site in _sites(scenario):
        home = client.get(site.home_url)
        assert f'content="{site.uid}"' in home.text
        column = site.columns[0]
        assert _walk(client, column.url) == [
            f"{item.at:%Y-%m-%d}" for item in items_of(scenario, site, column)
        ]


def _walk(client: httpx.Client, url: str) -> list[str]:
    """The dates of a list, page after page as its own system leads on."""
    dates, articles = [], []
    while url:
        page = client.get(url)
        assert page.status_code == 200
        dates += re.findall(r"<span class=\"(?:time|date)\">([\d-]+)</span>", page.text)
        rows = re.search(r'<ul class="news_list">.*?</ul>|<div class="list"><ul>.*?</ul>', page.text, re.S)
        assert rows
        articles += [urljoin(url, href) for href in re.findall(r'href="([^"]+)"', rows[0])]
        url = _next(url, page.text)
    day, own = [
        (day, article) for day, article in zip(dates, articles, strict=True) if "weixin" not in article
    ][-1]
    assert re.search(f'name="PubDate" content="{day}', client.get(own).text, re.I)
    return dates


def _next(url: str, html: str) -> str:
    if link := re.search(r'class="next" href="([^"]+)"', html):
        return link[1]
    pager = re.search(r'createPageHTML\((\d+), (\d+), "index", "html"\)', html)
    if pager and int(pager[2]) + 1 < int(pager[1]):
        return urljoin(url, f"index_{int(pager[2]) + 1}.html")
    return ""


def test_blank_column_gbk_and_navigation_home(client: httpx.Client) -> None:
    blank = client.get("http://dfz.zhanjiang.gov.cn/zjlt/index.html")
    assert re.search(r'<div class="list"><ul>\s*</ul>', blank.text)
    gbk = client.get("http://www.zhanjiang.gov.cn/swj/")
    assert gbk.headers["content-type"] == "text/html"
    assert "市水务局（合成）" in gbk.content.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        gbk.content.decode("utf-8")
    assert not re.search(r"\d\d-\d\d</span>", client.get("http://xfj.zhanjiang.gov.cn/").text)


@pytest.mark.parametrize(
    ("state", "path", "status", "words"),
    [
        ("waf_block", "/", 200, "访问被阻断"),
        ("moved", "/", 200, "5;url=http://www.zhanjiang.gov.cn/"),
        ("challenge_412", "/", 412, "$_ts"),
        ("wrong_site_code", "/", 200, "4499990001"),
        ("partial", "/zwgk/yw/", 200, "news_list"),
        ("partial", "/zwgk/bmdt/", 503, "Unavailable"),
        ("column_404", "/zwgk/yw/", 404, "404"),
        ("layout_changed", "/zwgk/yw/", 200, "x-cards"),
    ],
)
def test_states(
    replica: RunningReplica, client: httpx.Client, state: str, path: str, status: int, words: str
) -> None:
    replica.scenario.set_state("坡头区政府网", state)
    try:
        answer = client.get(f"http://potou.zhanjiang.gov.cn{path}")
    finally:
        replica.scenario.set_state("坡头区政府网", None)
    assert (answer.status_code, words in answer.text) == (status, True)


@pytest.mark.browser
def test_chromium_passes_the_challenge_and_turns_the_pages(replica: RunningReplica) -> None:
    replica.scenario.set_state("赤坎区政府网（合成）", "challenge_521")
    try:
        asyncio.run(_look(replica))
    finally:
        replica.scenario.set_state("赤坎区政府网（合成）", None)


async def _look(replica: RunningReplica) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"], proxy={"server": replica.proxy_url}
        )
        context = await browser.new_context(ignore_https_errors=True)
        page = await context.new_page()
        await page.goto("https://chikan.zhanjiang.gov.cn/")
        await page.wait_for_selector("ul.slides")
        await page.goto("http://sthjj.zhanjiang.gov.cn/bmyw/index.html")
        await page.click("text=下一页")
        await page.wait_for_url("**/index_1.html")
        assert await page.locator("div.list li").count() == 15
        await page.goto("http://www.zhanjiang.gov.cn/swj/")
        assert "市水务局" in await page.title()
        await browser.close()
