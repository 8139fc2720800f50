"""Every kind of site and every state of one, in a real Chromium, against what the replica knows of them."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from extractors.browser import Browser
from extractors.outcomes import OK, Outcome
from extractors.periods import SHANGHAI
from extractors.plan import Plan
from extractors.records import Subject, Visit
from extractors.registry import read_registry
from extractors.websites.visit import visit_website
from replica.scenario import BUNDLED
from replica.server import RunningReplica, running_replica
from replica.websites.content import SiteContent, content_of
from settings import Settings

pytestmark = pytest.mark.browser

REGISTRY = read_registry(BUNDLED / "site_kinds" / "registry")
# So long ago that no list decides it before its end: every page of every list is read.
LONG_AGO = REGISTRY.plan.model_copy(
    update={
        "monitoring_points": (datetime(2015, 3, 31, 23, 59, 59, tzinfo=SHANGHAI),),
        "since": datetime(2010, 1, 1, tzinfo=SHANGHAI),
    }
)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "requests.jsonl"


@pytest.fixture(scope="module")
def replica(log: Path) -> Iterator[RunningReplica]:
    with running_replica("site_kinds", request_log=log) as replica:
        yield replica


@pytest.fixture(scope="module")
def settings(replica: RunningReplica, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    data = tmp_path_factory.mktemp("data")
    return Settings(data=data, proxy=replica.proxy_url, tls_verify=False, pace_seconds=0, page_seconds=20)


def healthy(replica: RunningReplica) -> list[Subject]:
    return [site for site in REGISTRY.subjects("websites") if site.id not in replica.scenario.states]


def held(replica: RunningReplica, site: Subject) -> SiteContent:
    [found] = replica.scenario.find(site.id)
    return content_of(replica.scenario, found)


async def look_at(sites: list[Subject], plan: Plan, settings: Settings) -> dict[str, Visit]:
    at_once = asyncio.Semaphore(5)
    async with Browser(settings) as browser:

        async def one(site: Subject) -> Visit:
            async with at_once:
                return await visit_website(browser, site, plan, settings)

        return dict(zip([s.id for s in sites], await asyncio.gather(*map(one, sites)), strict=True))


def truth(site: SiteContent) -> dict[tuple[str, str], date]:
    """(column, address) → day, of every item that the site lists."""
    return {
        (column.column.name, item.url or site.origin + item.path): item.at.astimezone(SHANGHAI).date()
        for column in site.columns
        for item in column.items
    }


async def test_every_item_of_every_kind_is_read_with_its_day(
    replica: RunningReplica, settings: Settings
) -> None:
    sites = healthy(replica)
    visits = await look_at(sites, LONG_AGO, settings)
    for site in sites:
        known, visit = truth(held(replica, site)), visits[site.id]
        read = {(i.column_name, i.url): i.claimed_date for i in visit.items if i.page_kind == "column"}
        undated = {key for key, day in read.items() if day is None}
        assert read.keys() == known.keys(), site.name
        assert {key: day for key, day in read.items() if day} == {
            key: day for key, day in known.items() if key not in undated
        }, site.name
        assert bool(undated) == (site.name == "合成县档案馆（合成）"), (
            "only where neither list nor address says"
        )
        columns = [page for page in visit.pages if page.page_kind == "column"]
        assert {page.outcome for page in columns} == {Outcome.OK_COMPLETE}, site.name
        assert all(page.reached_end for page in columns) or undated


async def test_a_daily_look_asks_little(replica: RunningReplica, settings: Settings, log: Path) -> None:
    log.write_text("")
    sites = healthy(replica)
    visits = await look_at(sites, REGISTRY.plan, settings)
    asked = Counter[str]()
    for line in log.read_text().splitlines():
        entry = json.loads(line)
        is_call = entry["path"].startswith(("/webapi/", "/favicon"))  # the page's own
        asked[entry["host"]] += not is_call
    for site in sites:
        name, visit = site.name, visits[site.id]
        assert visit.outcome is Outcome.OK_COMPLETE, (name, visit.detail)
        content = held(replica, site)
        # A platform's frame is opened once for all its columns, and asks for its first column by itself;
        # where lists show no day, an article of each must say it.
        frame = 2 if any(column.cms == "gkmlpt" for column in content.columns) else 0
        articles = len(site.columns) if content.cms == "undated" else 0
        assert asked[content.host] <= 1 + len(site.columns) + frame + articles, name
        home = {i.url: i.claimed_date for i in visit.items if i.page_kind == "home"}
        shown = {
            item.url or content.origin + item.path for _, items in content.home_sections for item in items
        }
        assert home.keys() == shown, name
        days = {url: day for (_, url), day in truth(content).items()}
        assert all(day in (days[url], None) for url, day in home.items()), name
        assert visit.pages[0].is_navigation == (not shown), name


async def test_states_are_never_no_update(replica: RunningReplica, settings: Settings) -> None:
    states = replica.scenario.states
    sites = [site for site in REGISTRY.subjects("websites") if site.id in states]
    assert {states[site.id].zh for site in sites} >= {"加速乐：一直不放行", "改版：列表节点不见了"}
    visits = await look_at(sites, REGISTRY.plan, settings)
    wrong = {
        states[site.id].zh: (visits[site.id].outcome, visits[site.id].detail)
        for site in sites
        if visits[site.id].outcome not in states[site.id].means
    }
    assert wrong == {}
    for site in sites:
        visit = visits[site.id]
        for page in visit.pages:
            if page.page_kind != "article":
                whole = page.outcome is Outcome.OK_COMPLETE
                assert not (whole and page.items_seen == 0 and not page.is_navigation), states[site.id].zh
        if visit.outcome not in OK | {Outcome.LAYOUT_CHANGED}:
            assert not visit.items, states[site.id].zh
    told = {states[site.id].zh: visits[site.id].detail for site in sites}
    assert told["没有标识码、名称与域名"] == "首页缺少 SiteIDCode、SiteName、SiteDomain"
    moved = [detail for zh, detail in told.items() if "跳转" in zh]
    assert len(moved) == 3
    assert all(detail.startswith("moved: http://www.zhanjiang.gov.cn/") for detail in moved)
    assert {urlsplit(site.url).hostname for site in sites} <= replica.scenario.hosts
