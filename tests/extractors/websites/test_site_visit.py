"""A real Chromium looks at sites that are written down here, each in one state."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from site_web import Answer, SiteWeb, site_web

from extractors.browser import Browser
from extractors.outcomes import Outcome
from extractors.plan import Plan
from extractors.records import Column, PageVisit, Subject, Visit
from extractors.websites.tab import NotLoaded, Tab
from extractors.websites.turns import host_turn
from extractors.websites.visit import visit_website
from settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

HOST = "www.hecheng.gov.cn"
DATA = tempfile.TemporaryDirectory()  # where hosts' turns are kept
CODE = "4499990001"
HOME = f"http://{HOST}/"
META = (
    '<meta charset="utf-8"><meta name="SiteName" content="合成县政府网">'
    f'<meta name="SiteDomain" content="{HOST}"><meta name="SiteIDCode" content="{CODE}">'
)
PLAN = Plan.model_validate(
    {
        "period": "2021Q1",
        "sampling": {"from": "2021-01-01", "to": "2021-03-31"},
        "monitoring_points": ["2021-03-31T23:59:59+08:00"],
        "indicators": ["W3", "W4"],
        "since": "2020-09-01",
    }
)
AT_NOON = PLAN.model_copy(update={"monitoring_points": (datetime(2021, 3, 31, 4, tzinfo=UTC),)})


def page(body: str, head: str = META) -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def rows(*days: str, prefix: str = "/yw/content/post_", sep: str = "span") -> str:
    return "".join(
        f'<li><a href="{prefix}{day.replace("-", "")}{number}.html" title="合成要闻{number}">合成</a>'
        f"<{sep}>{day}</{sep}></li>"
        for number, day in enumerate(days)
    )


def nfcms(*days: str, more: str = "") -> str:
    paging = f'<a class="next" href="{more}">下一页</a>' if more else ""
    return page(f'<ul class="news_list">{rows(*days)}</ul><div class="page">{paging}</div>')


HEALTHY = page(f"<ul class='list'>{rows('03-30', '03-29', '2021-03-25')}</ul>")
NAVIGATION = page("<a href='/yw/'>要闻</a><a href='/tz/'>通知</a>")
SPIN = "<script>document.cookie='__jsl_clearance_s=x;path=/';location.href=location.pathname</script>"
STUCK = "<script>document.cookie='other=x;path=/';setTimeout(() => location.reload(), 20)</script>"
WAF = "<title>访问被拦截</title><h1>您的访问被阻断。</h1>"


@pytest.fixture(scope="module")
def web() -> Iterator[SiteWeb]:
    with site_web() as web:
        yield web


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(web: SiteWeb, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with Browser(_settings(web, tmp_path_factory.mktemp("data"))) as browser:
        yield browser


@pytest.fixture(autouse=True)
def _nothing_served_yet(web: SiteWeb) -> None:
    web.answers.clear()
    web.asked.clear()


def _settings(web: SiteWeb, data: Path) -> Settings:
    return Settings(data=data, proxy=web.proxy, pace_seconds=0, page_seconds=15)


async def look(
    browser: Browser, web: SiteWeb, served: dict[str, Answer | str], *columns: Column, plan: Plan = PLAN,
    page_seconds: float = 15,
) -> Visit:  # fmt: skip
    """Serve ``served`` (path → answer) at the site's name and look at it."""
    for path, answer in served.items():
        key = f"{HOST}{path}" if path.startswith("/") else path
        web.answers[key] = Answer(answer) if isinstance(answer, str) else answer
    site = Subject("website", CODE, "合成县政府网", None, CODE, HOME, columns)
    settings = _settings(web, Path(DATA.name)).model_copy(update={"page_seconds": page_seconds})
    return await visit_website(browser, site, plan, settings)


def column(name: str = "要闻", path: str = "/yw/", kind: str = "news", days: int | None = None) -> Column:
    return Column(name, kind, f"http://{HOST}{path}", days)


def of(visit: Visit, kind: str) -> PageVisit:
    return next(page for page in visit.pages if page.page_kind == kind)


async def test_a_healthy_site(browser: Browser, web: SiteWeb) -> None:
    served = {"/": HEALTHY, "/yw/": nfcms("2021-03-30", "2021-03-29", "2021-03-01", more="index_2.html")}
    visit = await look(browser, web, served, column())
    assert (visit.outcome, visit.detail, visit.identity_seen) == (Outcome.OK_COMPLETE, "", CODE)
    assert visit.server_date == datetime(2021, 4, 1, 1, tzinfo=UTC), "the response's clock, not ours"
    home = of(visit, "home")
    assert (home.newest_date, home.oldest_date) == (date(2021, 3, 30), date(2021, 3, 25))
    assert not home.is_navigation
    first = visit.items[0]
    assert (first.title, first.claimed_raw, first.claimed_rule) == ("合成要闻0", "03-30", "month_day")
    assert first.url == f"http://{HOST}/yw/content/post_03300.html"
    listed = of(visit, "column")
    assert (listed.outcome, listed.pages, listed.items_seen) == (Outcome.OK_COMPLETE, 1, 3)
    assert not listed.reached_end
    assert {seen.role for seen in visit.seen} == {"page", "list", "journal"}
    assert visit.seen[0].body == HEALTHY.encode(), "the bytes that came, not what the browser made of them"
    kept = {seen.sha256 for seen in visit.seen if seen.role != "journal"}
    assert {item.evidence_sha256 for item in visit.items} == kept
    assert web.asked[f"{HOST}/yw/index_2.html"] == 0, "the first page decides"


async def test_a_gbk_site(browser: Browser, web: SiteWeb) -> None:
    html = HEALTHY.replace('charset="utf-8"', 'charset="gb2312"')
    visit = await look(browser, web, {"/": Answer(html.encode("gbk"))})
    assert visit.items[0].title == "合成要闻0"


async def test_paging_goes_on_until_the_window_is_decided(browser: Browser, web: SiteWeb) -> None:
    def trs(current: int, *days: str) -> str:
        return page(
            f'<div class="list"><ul>{rows(*days, prefix="./202103/t")}</ul></div>'
            f"<script>function createPageHTML(){{}} createPageHTML(9, {current}, 'index', 'html')</script>"
        )

    served = {
        "/": HEALTHY,
        "/yw/": trs(0, "2021-06-03", "2021-06-02", "2021-06-01"),
        "/yw/index_1.html": trs(1, "2021-05-03", "2021-04-02"),
        "/yw/index_2.html": trs(2, "2021-03-03", "2021-03-02"),
        "/yw/index_3.html": trs(3, "2021-02-03"),
    }
    visit = await look(browser, web, served, column())
    listed = of(visit, "column")
    assert (listed.outcome, listed.pages, listed.items_seen) == (Outcome.OK_COMPLETE, 3, 7)
    assert listed.oldest_date == date(2021, 3, 2)
    assert web.asked[f"{HOST}/yw/index_3.html"] == 0
    positions = [item.position for item in visit.items if item.page_kind == "column"]
    assert positions == [1, 2, 3, 4, 5, 6, 7]
    assert len({item.evidence_sha256 for item in visit.items if item.page_kind == "column"}) == 3


async def test_a_list_that_breaks_off_is_partial(browser: Browser, web: SiteWeb) -> None:
    served = {
        "/": HEALTHY,
        "/yw/": nfcms("2021-06-03", "2021-06-02", more="index_2.html"),
        "/yw/index_2.html": Answer("busy", 503),
    }
    visit = await look(browser, web, served, column())
    assert of(visit, "column").outcome is Outcome.OK_PARTIAL
    assert visit.outcome is Outcome.OK_PARTIAL
    assert "503" in visit.detail


async def test_blank_and_stale_columns_are_wholly_read(browser: Browser, web: SiteWeb) -> None:
    served = {"/": HEALTHY, "/yw/": nfcms("2020-10-01", "2020-09-30"), "/tz/": nfcms()}
    visit = await look(browser, web, served, column(), column("通知", "/tz/", "notice"))
    stale, blank = (page for page in visit.pages if page.page_kind == "column")
    assert (stale.outcome, stale.newest_date) == (Outcome.OK_COMPLETE, date(2020, 10, 1))
    assert (blank.outcome, blank.items_seen) == (Outcome.OK_COMPLETE, 0)
    assert visit.outcome is Outcome.OK_COMPLETE


async def test_a_list_that_a_script_fills_in(browser: Browser, web: SiteWeb) -> None:
    script = (
        "<script>fetch('/api/list').then(r => r.text()).then(t => {"
        "document.querySelector('ul').innerHTML = t})</script>"
    )
    served = {
        "/": HEALTHY,
        "/yw/": page(f"<ul class='news_list'></ul>{script}"),
        "/api/list": rows("2021-03-30", "2021-03-29", "2021-03-28"),
    }
    visit = await look(browser, web, served, column())
    listed = of(visit, "column")
    assert (listed.outcome, listed.items_seen) == (Outcome.OK_COMPLETE, 3)
    shown = next(seen for seen in visit.seen if seen.sha256 == listed.evidence_sha256)
    assert "post_202103300" in shown.body.decode(), "kept as shown, since it was read as shown"
    assert shown.media_type == "text/html; charset=utf-8"


@pytest.mark.parametrize("api", [Answer("no", 500), Answer(dropped=True), Answer(silent=True)])
async def test_a_failed_call_is_no_blank_column(browser: Browser, web: SiteWeb, api: Answer) -> None:
    script = "<script>fetch('/api/list').catch(() => 0)</script>"
    served = {"/": HEALTHY, "/yw/": page(f"<ul class='news_list'></ul>{script}"), "/api/list": api}
    visit = await look(browser, web, served, column(), page_seconds=5)
    assert of(visit, "column").outcome is Outcome.LAYOUT_CHANGED
    assert "没有加载完整" in of(visit, "column").detail


async def test_a_missing_list_is_no_blank_column(browser: Browser, web: SiteWeb) -> None:
    visit = await look(browser, web, {"/": HEALTHY, "/yw/": page("<div class='x-cards'></div>")}, column())
    assert of(visit, "column").outcome is Outcome.LAYOUT_CHANGED


async def test_a_home_page_that_only_leads_on(browser: Browser, web: SiteWeb) -> None:
    served = {"/": NAVIGATION, "/yw/": nfcms("2021-03-30", "2021-03-29", "2021-03-28")}
    visit = await look(browser, web, served, column())
    assert visit.outcome is Outcome.OK_COMPLETE
    assert of(visit, "home").is_navigation
    web.answers[f"{HOST}/yw/"] = Answer(page("<div></div>"))
    visit = await look(browser, web, {}, column())
    assert visit.outcome is Outcome.LAYOUT_CHANGED, "nothing at all was read of this site"


async def test_articles_are_opened_only_on_a_windows_edge(browser: Browser, web: SiteWeb) -> None:
    article = page("", META + '<meta name="PubDate" content="2021-03-17 16:30">')
    path = "/yw/content/post_202103170.html"
    served = {"/": HEALTHY, "/yw/": nfcms("2021-03-17", "2021-03-01"), path: article}
    visit = await look(browser, web, served, column())
    assert web.asked[f"{HOST}{path}"] == 0, "T is the day's last second: the day lies outside"
    visit = await look(browser, web, served, column(), plan=AT_NOON)
    item = next(item for item in visit.items if item.page_kind == "column")
    assert item.claimed_at == datetime(2021, 3, 17, 8, 30, tzinfo=UTC)
    assert item.article_sha256 in {seen.sha256 for seen in visit.seen if seen.role == "article"}
    assert item.claimed_date == date(2021, 3, 17)
    assert of(visit, "article").outcome is Outcome.OK_COMPLETE


async def test_undated_rows_are_dated_by_their_articles(browser: Browser, web: SiteWeb) -> None:
    links = "".join(f'<li><a href="a{n}.html">合成条目{n}</a></li>' for n in range(9))
    served = {"/": HEALTHY, "/yw/": page(f'<ul class="news_list">{links}</ul>')}
    served |= {
        f"/yw/a{n}.html": page("", f'<meta name="PubDate" content="2021-02-0{9 - n} 10:00">')
        for n in range(9)
    }
    visit = await look(browser, web, served, column())
    items = [item for item in visit.items if item.page_kind == "column"]
    assert items[0].claimed_rule == "pubdate_dash"
    assert [item.claimed_date for item in items[:6]] == [*(date(2021, 2, 9 - n) for n in range(5)), None]
    assert of(visit, "column").outcome is Outcome.OK_COMPLETE
    for n in range(9):
        web.answers[f"{HOST}/yw/a{n}.html"] = Answer("gone", 404)
    visit = await look(browser, web, {}, column())
    assert of(visit, "column").outcome is Outcome.OK_PARTIAL, "unknown days prove nothing"


async def test_what_neither_list_nor_articles_date_is_read_and_no_update(
    browser: Browser, web: SiteWeb
) -> None:
    """未注明发布时间的视为不更新: a complete look, whose items have no day."""
    links = "".join(f'<li><a href="/yw/a{n}.html">合成县召开春耕现场会第{n}次</a></li>' for n in range(7))
    served: dict[str, Answer | str] = {f"/yw/a{n}.html": page("正文，没有日期") for n in range(7)}
    served |= {"/": page(f"<ul>{links}</ul>"), "/yw/": page(f'<ul class="news_list">{links}</ul>')}
    visit = await look(browser, web, served, column())
    home, listed = of(visit, "home"), of(visit, "column")
    assert (home.outcome, home.is_navigation, home.items_seen) == (Outcome.OK_COMPLETE, False, 7)
    assert (listed.outcome, listed.items_seen, listed.newest_date) == (Outcome.OK_COMPLETE, 7, None)
    assert {item.claimed_date for item in visit.items} == {None}


async def test_a_homes_headlines_are_dated_by_the_columns_that_list_them(
    browser: Browser, web: SiteWeb
) -> None:
    days = ("2021-03-30", "2021-03-02", "2021-03-01")
    links = "".join(
        f'<li><a href="/yw/content/post_{day.replace("-", "")}{n}.html">合成县召开春耕现场会第{n}次</a></li>'
        for n, day in enumerate(days)
    )
    visit = await look(browser, web, {"/": page(f"<ul>{links}</ul>"), "/yw/": nfcms(*days)}, column())
    home = [item for item in visit.items if item.page_kind == "home"]
    assert [f"{item.claimed_date}" for item in home] == list(days)
    assert {item.claimed_rule for item in home} == {"column_dash"}
    assert of(visit, "home").newest_date == date(2021, 3, 30)
    assert not any("/content/" in key for key in web.asked), "no article had to be opened"


async def test_a_site_that_refuses_is_left_alone(browser: Browser, web: SiteWeb) -> None:
    columns = [column(f"栏目{n}", f"/{n}/") for n in range(5)]
    served = {"/": HEALTHY} | {f"/{n}/": Answer("too many", 429) for n in range(5)}
    visit = await look(browser, web, served, *columns)
    pages = [page for page in visit.pages if page.page_kind == "column"]
    assert [page.outcome for page in pages] == [Outcome.RATE_LIMITED] * 5
    assert sum(web.asked[f"{HOST}/{n}/"] for n in range(5)) == 3


@pytest.mark.parametrize(
    ("answer", "outcome", "detail"),
    [
        (Answer(SPIN, 521, unless_cookie="__jsl_clearance_s", behind=HEALTHY), Outcome.OK_COMPLETE, ""),
        (Answer(WAF), Outcome.UNREACHABLE, "防火墙"),
        (Answer(WAF, 403), Outcome.UNREACHABLE, "403"),
        (Answer("x", 404), Outcome.NOT_FOUND, "404"),
        (Answer("x", 503), Outcome.UNREACHABLE, "503"),
        (Answer("x", 429), Outcome.RATE_LIMITED, "429"),
        (Answer("", 301, {"Location": "http://www.other.gov.cn/"}), Outcome.IDENTITY_MISMATCH, "moved"),
        (Answer('<meta http-equiv="refresh" content="5;url=http://www.other.gov.cn/">'),
         Outcome.IDENTITY_MISMATCH, "moved: http://www.other.gov.cn/"),
        (Answer("<script>location.replace('http://www.other.gov.cn/x')</script>"),
         Outcome.IDENTITY_MISMATCH, "moved"),
        (Answer(HEALTHY.replace(CODE, "4499990009")), Outcome.IDENTITY_MISMATCH, "4499990009"),
        (Answer(dropped=True), Outcome.UNREACHABLE, "net::ERR"),
        (Answer(b"%PDF-1.4", content_type="application/pdf"), Outcome.LAYOUT_CHANGED, "不是网页"),
        (Answer(f"<meta http-equiv=refresh content='0;url=/new/'>{META}"), Outcome.OK_COMPLETE, ""),
        (Answer("<script>location.href='/new/'</script>"), Outcome.OK_COMPLETE, ""),
    ],
)  # fmt: skip
async def test_states_of_a_home_page(
    browser: Browser, web: SiteWeb, answer: Answer, outcome: Outcome, detail: str
) -> None:
    other = {"www.other.gov.cn": HEALTHY, "/new/": HEALTHY}
    visit = await look(browser, web, {"/": answer, **other})
    assert visit.outcome is outcome, visit.detail
    assert detail in visit.detail
    if outcome is Outcome.OK_COMPLETE:
        assert len(visit.items) == 3
    else:
        assert not visit.items


async def test_a_challenge_that_never_passes(browser: Browser, web: SiteWeb) -> None:
    served = {"/": HEALTHY, "/yw/": Answer(STUCK, 521), "/tz/": nfcms("2021-03-30")}
    visit = await look(browser, web, served, column(), column("通知", "/tz/", "notice"))
    stuck, after = (page for page in visit.pages if page.page_kind == "column")
    assert (stuck.outcome, stuck.http_status) == (Outcome.UNREACHABLE, 521)
    assert after.outcome is Outcome.OK_COMPLETE, "a page that reloads for ever does not disturb the next"


async def test_a_crash_costs_one_page(browser: Browser, web: SiteWeb, tmp_path: Path) -> None:
    web.answers[HOST] = Answer(HEALTHY)
    settings = _settings(web, tmp_path)
    async with host_turn(settings) as turn, browser.page() as page:
        tab = Tab(page, settings, turn)
        await tab.load(HOME, "page")
        session = await page.context.new_cdp_session(page)
        crash = asyncio.ensure_future(session.send("Page.crash"))
        await page.wait_for_event("crash")
        with pytest.raises(NotLoaded):
            await tab.load(f"{HOME}a", "page")
        assert (await tab.load(f"{HOME}b", "page")).status == 200
        crash.cancel()


async def test_silence_ends_at_the_deadline_and_dead_sites_are_left_alone(
    browser: Browser, web: SiteWeb
) -> None:
    columns = [column(f"栏目{n}", f"/{n}/") for n in range(5)]
    served = {"/": HEALTHY} | {f"/{n}/": Answer(silent=True) for n in range(5)}
    visit = await look(browser, web, served, *columns, page_seconds=1)
    pages = [page for page in visit.pages if page.page_kind == "column"]
    assert [page.outcome for page in pages] == [Outcome.UNREACHABLE] * 5
    assert "1 秒" in pages[0].detail
    assert "未再打开" in pages[4].detail
    assert web.asked[f"{HOST}/4/"] == 0
    visit = await look(browser, web, {"/": Answer(silent=True)}, *columns, page_seconds=1)
    assert (visit.outcome, len(visit.pages)) == (Outcome.UNREACHABLE, 1), "a dead home page ends the look"


async def test_a_column_that_falls_back_to_the_home_page(browser: Browser, web: SiteWeb) -> None:
    served = {"/": HEALTHY, "/yw/": Answer("", 302, {"Location": "/"})}
    visit = await look(browser, web, served, column())
    assert of(visit, "column").outcome is Outcome.NOT_FOUND


async def test_inner_addresses_are_never_asked(browser: Browser, web: SiteWeb) -> None:
    inside = Column("内网", "news", "http://10.0.0.8/secret", None)
    file = Column("文件", "news", "file:///etc/hostname", None)
    visit = await look(browser, web, {"/": HEALTHY, "10.0.0.8": HEALTHY}, inside, file)
    assert {page.outcome for page in visit.pages[1:]} == {Outcome.NOT_FOUND}
    assert not any(key.startswith("10.") for key in web.asked)


async def test_a_page_may_not_make_the_browser_ask_inside(
    browser: Browser, web: SiteWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the proxy is not on loopback it may reach the office's own network."""
    monkeypatch.setattr("extractors.websites.tab.is_loopback", lambda url: False)
    probe = "<script>fetch('http://10.0.0.8/pay', {mode: 'no-cors'}).catch(() => 0)</script>"
    served = {
        "/": page(f"{probe}"),
        "10.0.0.8": "secret",
        "/yw/": page(f"{probe}<iframe src='http://localhost.:9/'>"),
    }
    await look(browser, web, served, column())
    assert not any(key.startswith(("10.", "localhost")) for key in web.asked)
    served = {"/": Answer("", 302, {"Location": "http://10.0.0.8/"}), "10.0.0.8": "secret"}
    visit = await look(browser, web, served)
    assert visit.outcome is Outcome.IDENTITY_MISMATCH
    assert [seen.role for seen in visit.seen] == ["journal"], "nothing of the inside is kept"


async def test_a_column_on_another_host_has_another_code(browser: Browser, web: SiteWeb) -> None:
    elsewhere = Column("公开", "policy", "http://zwgk.hecheng.gov.cn/zc/", None)
    other = nfcms("2021-03-30", "2021-03-02", "2021-03-01").replace(CODE, "4499990002")
    visit = await look(browser, web, {"/": HEALTHY, "zwgk.hecheng.gov.cn/zc/": other}, elsewhere)
    assert of(visit, "column").outcome is Outcome.OK_COMPLETE
    here = replace(elsewhere, url=f"http://{HOST}/zc/")
    visit = await look(browser, web, {"/zc/": other}, here)
    assert of(visit, "column").outcome is Outcome.IDENTITY_MISMATCH
