"""The whole way against the replica: the sites that the Zhanjiang scenario makes special."""

from collections.abc import AsyncIterator, Iterator
from datetime import date

import pytest
import pytest_asyncio

from extractors.browser import Browser
from extractors.outcomes import Outcome
from extractors.plan import Plan, read_plan
from extractors.records import Column, Subject, Visit
from extractors.websites.visit import visit_website
from replica.scenario import BUNDLED
from replica.scenario import Subject as Site
from replica.server import RunningReplica, running_replica
from settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

PLAN: Plan = read_plan(BUNDLED / "zhanjiang_2021q1" / "registry" / "plan.yml")
EDGE_DAY = date(2021, 3, 17)  # T − 14 d is this day's last second


@pytest.fixture(scope="module")
def replica() -> Iterator[RunningReplica]:
    with running_replica() as replica:
        yield replica


@pytest.fixture(scope="module")
def settings(replica: RunningReplica, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        data=tmp_path_factory.mktemp("data"),
        pace_seconds=0,
        proxy=replica.proxy_url,
        tls_verify=False,
        page_seconds=20,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(settings: Settings) -> AsyncIterator[Browser]:
    async with Browser(settings) as browser:
        yield browser


def as_registered(site: Site, columns: int | None = None) -> Subject:
    """The replica's site as a subject; ``columns``: only so many of its columns, to be quick."""
    taken = [Column(c.name, c.column_class, c.url, c.update_within_days) for c in site.columns[:columns]]
    return Subject("website", site.id, site.name, None, site.uid, site.home_url, tuple(taken))


async def look(
    browser: Browser, replica: RunningReplica, settings: Settings, name: str, columns: int | None = None
) -> Visit:
    [site] = replica.scenario.find(name)
    return await visit_website(browser, as_registered(site, columns), PLAN, settings)


async def test_the_stale_portal(browser: Browser, replica: RunningReplica, settings: Settings) -> None:
    visit = await look(browser, replica, settings, "坡头区政府网")
    assert (visit.outcome, visit.detail) == (Outcome.OK_COMPLETE, "")
    newest = {page.column_name: page.newest_date for page in visit.pages if page.page_kind == "column"}
    stale_news = {
        name for name in ("部门动态", "镇街动态", "媒体聚焦") if (newest[name] or EDGE_DAY) < EDGE_DAY
    }
    assert len(stale_news) == 3
    assert newest["公示公告"] == date(2020, 9, 18)
    assert all(page.outcome is Outcome.OK_COMPLETE for page in visit.pages)


async def test_blank_columns(browser: Browser, replica: RunningReplica, settings: Settings) -> None:
    visit = await look(browser, replica, settings, "湛江市人民政府地方志办公室")
    blank = {page.column_name for page in visit.pages if page.page_kind == "column" and not page.items_seen}
    assert blank == {"地情研究", "志鉴论坛", "口述历史", "数字方志馆", "史料征集"}
    assert visit.outcome is Outcome.OK_COMPLETE


@pytest.mark.parametrize(
    ("name", "rule"), [("市水务局（合成）", "dash"), ("霞山区政府网（合成）", "month_day")]
)
async def test_gbk_and_dates_without_a_year(
    browser: Browser, replica: RunningReplica, settings: Settings, name: str, rule: str
) -> None:
    visit = await look(browser, replica, settings, name, columns=1)
    home = [item for item in visit.items if item.page_kind == "home"]
    assert {item.claimed_rule for item in home} == {rule}
    assert not any("�" in item.title for item in visit.items)
    assert max(item.claimed_date for item in home if item.claimed_date) > EDGE_DAY


async def test_a_navigation_home_page(browser: Browser, replica: RunningReplica, settings: Settings) -> None:
    visit = await look(browser, replica, settings, "市信访局（合成）", columns=1)
    assert visit.pages[0].is_navigation
    assert visit.outcome is Outcome.OK_COMPLETE


async def test_trs_lists_are_followed(browser: Browser, replica: RunningReplica, settings: Settings) -> None:
    """A monitoring point in the past makes the first page too new to decide."""
    [site] = replica.scenario.find("市生态环境局（合成）")
    column = next(c for c in as_registered(site).columns if c.name == "部门要闻")
    early = PLAN.model_copy(update={"monitoring_points": (PLAN.monitoring_points[0].replace(month=1),)})
    subject = Subject("website", site.id, site.name, None, site.uid, site.home_url, (column,))
    visit = await visit_website(browser, subject, early, settings)
    assert visit.pages[1].pages > 1
    assert visit.pages[1].outcome is Outcome.OK_COMPLETE
