"""Looking at one website: its home page, its registered columns, an article where a list's day cannot say.

One page after another in one context: a host never has two of its pages open at once.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from playwright.async_api import Error, Page, Response

from extractors.browser import Browser
from extractors.outcomes import OK, Outcome
from extractors.plan import Plan
from extractors.platforms.listening import net_error
from extractors.platforms.look import answer
from extractors.records import Column, PageVisit, Seen, SiteItem, Subject, Visit
from extractors.urls import check_resolves_publicly, check_url
from extractors.websites.classify import classify_page, is_challenge, same_host
from extractors.websites.lists import MIN_ROWS, read_home, read_list
from extractors.websites.pages import HtmlPage, article_time, decode
from extractors.websites.rows import ListPage, Row
from extractors.websites.windows import Dated, State, column_windows, edge_rows, reach_of, states
from settings import Settings, is_loopback

# A script challenge (521, 412) reloads the page by itself; a list filled by a script comes a little later.
_CHALLENGE_SECONDS = 8.0
_LATE_LIST_SECONDS = 2.5
_MOST_LIST_PAGES = 40
# To know on which side of a window's edge a column lies, a few of its newest articles are enough.
_MOST_ARTICLES = 3


async def visit_website(browser: Browser, subject: Subject, plan: Plan, settings: Settings) -> Visit:
    """Look at ``subject``. Whatever happens to a page becomes that page's outcome; nothing is raised."""
    async with browser.page() as page:
        look = SiteLook(page, subject, plan, settings)
        await look.home()
        if look.visit.outcome in OK:
            for column in subject.columns:
                await look.column(column)
        return look.finished()


@dataclass(slots=True)
class Opened:
    """A page as it came: its bytes, what they say, and the outcome of opening it."""

    outcome: Outcome
    detail: str
    final_url: str
    status: int | None = None
    seen: Seen | None = None
    page: HtmlPage | None = None

    @property
    def now(self) -> datetime:
        """The response's own clock; the machine's only where the response has none."""
        return (self.seen.server_date if self.seen else None) or datetime.now(UTC)


class SiteLook:
    """One look at one site, page by page."""

    def __init__(self, page: Page, subject: Subject, plan: Plan, settings: Settings) -> None:
        self._page = page
        self._subject = subject
        self._plan = plan
        self._settings = settings
        self._host = urlsplit(subject.url).hostname or ""
        self._last: Response | None = None
        page.on("response", self._on_response)
        self.visit = Visit(
            outcome=Outcome.UNREACHABLE,
            detail="",
            url=subject.url,
            final_url=subject.url,
            http_status=None,
            channel="browser",
        )

    def finished(self) -> Visit:
        """The site's outcome is its home page's; columns that could not be read make it partial."""
        visit = self.visit
        columns = [page for page in visit.pages if page.page_kind == "column"]
        unread = [page for page in columns if page.outcome is not Outcome.OK_COMPLETE]
        if visit.outcome is Outcome.OK_COMPLETE and unread:
            visit.outcome = Outcome.OK_PARTIAL
            visit.detail = f"{len(unread)} 个栏目未完整读到，如“{unread[0].column_name}”：{unread[0].detail}"
        visit.items_seen = len(visit.items)
        return visit

    async def home(self) -> None:
        """The home page: whose site this is, and every dated row on it (W3)."""
        opened = await self._open(self._subject.url, self._subject.uid)
        rows = read_home(opened.page, opened.now) if opened.page and opened.outcome in OK else ()
        dated = [row.day.day for row in rows if row.day]
        self._record("home", "", self._subject.url, opened, rows, is_navigation=len(dated) < MIN_ROWS)
        visit = self.visit
        visit.outcome, visit.detail = opened.outcome, opened.detail
        visit.final_url, visit.http_status = opened.final_url, opened.status
        if opened.page and opened.page.site_code:
            visit.identity_seen = opened.page.site_code
        if opened.seen:
            visit.evidence_sha256, visit.server_date = opened.seen.sha256, opened.seen.server_date

    async def column(self, column: Column) -> None:
        """A column's list, page after page until every window it is judged by is decided (W4)."""
        windows, points = column_windows(column), self._plan.monitoring_points
        opened = await self._open(column.url, self._subject.uid)
        listed = await self._listed(opened)
        if listed is None:
            self._record("column", column.name, column.url, opened, ())
            return
        rows, pages = list(listed.rows), 1
        items = self._items("column", column.name, rows, opened, first_position=1)
        current, problem = listed, ""
        while current.next_url and pages < _MOST_LIST_PAGES and self._undecided(column, rows, ended=False):
            if not same_host(urlsplit(current.next_url).hostname or "", self._host):
                problem = "下一页在别的主机上"
                break
            following = await self._open(current.next_url, self._subject.uid)
            more = await self._listed(following)
            if more is None or not more.rows:
                problem = f"第 {pages + 1} 页未读到：{following.detail or '没有列表'}"
                break
            items += self._items("column", column.name, more.rows, following, first_position=len(rows) + 1)
            rows += more.rows
            pages, current = pages + 1, more
        ended = current.is_last and not problem
        by_day = [(index, Dated(row.day.day)) for index, row in enumerate(rows) if row.day]
        on_edge = edge_rows(windows, points, [dated for _, dated in by_day])
        unknown = [by_day[place][0] for place in on_edge] if by_day else range(len(rows))
        for index in unknown[:_MOST_ARTICLES]:
            items[index] = await self._with_article(items[index])
        if opened.outcome is Outcome.OK_COMPLETE and self._undecided(column, rows, ended=ended) and rows:
            opened.outcome = Outcome.OK_PARTIAL
            opened.detail = problem or "列表没有读到足够早的日期"
        self.visit.items += items
        self._record_visit("column", column.name, column.url, opened, rows, pages=pages, ended=ended)

    def _undecided(self, column: Column, rows: list[Row], *, ended: bool) -> bool:
        """Whether an older page could still change what a window says."""
        days = [row.day.day for row in rows if row.day]
        found = states(
            column_windows(column),
            self._plan.monitoring_points,
            [Dated(day) for day in days],
            reach_of(days),
            ended=ended,
        )
        if ended or State.OPEN not in found:
            return False
        oldest = min(days, default=None)
        return oldest is None or oldest >= self._plan.since.date()

    async def _with_article(self, item: SiteItem) -> SiteItem:
        """The item with its article's own ``PubDate``, where the article is this site's and says one."""
        if not same_host(urlsplit(item.url).hostname or "", self._host):
            return item
        opened = await self._open(item.url, None)
        self._record("article", item.column_name, item.url, opened, ())
        claimed = article_time(opened.page) if opened.page and opened.outcome in OK else None
        if claimed is None or opened.seen is None:
            return item
        return replace(
            item,
            claimed_date=item.claimed_date or claimed.day,
            claimed_at=claimed.at,
            claimed_raw=item.claimed_raw or claimed.raw,
            claimed_rule=item.claimed_rule or claimed.rule,
            article_sha256=opened.seen.sha256,
        )

    # one page

    async def _open(self, url: str, site_code: str | None) -> Opened:
        """Go to ``url`` and say what came. ``site_code`` must be the page's own where it names one."""
        seconds = self._settings.page_seconds
        try:
            check_url(url)
            if not (self._settings.proxy and is_loopback(self._settings.proxy)):
                await check_resolves_publicly(url)
            async with asyncio.timeout(seconds):
                return await self._went_to(url, site_code)
        except ValueError as error:
            return Opened(Outcome.NOT_FOUND, str(error), url)
        except TimeoutError:
            return Opened(Outcome.UNREACHABLE, f"{seconds:g} 秒内没有应答", url)
        except Error as error:
            return Opened(Outcome.UNREACHABLE, net_error(error.message), url)

    async def _went_to(self, url: str, site_code: str | None) -> Opened:
        self._last = None
        response = await self._page.goto(url, wait_until="domcontentloaded", timeout=0)
        if response is None:
            return Opened(Outcome.UNREACHABLE, "没有应答", url)
        response, body = await self._past_challenge(response)
        content_type = response.headers.get("content-type", "")
        seen = answer("page", response.url, response.status, response.headers, body, content_type)
        page = HtmlPage(response.url, decode(body, content_type))
        outcome, detail = classify_page(response.status, response.url, self._host, page, site_code)
        return Opened(outcome, detail, response.url, response.status, seen, page)

    async def _past_challenge(self, response: Response) -> tuple[Response, bytes]:
        """The page behind a script challenge: the challenge's own script sets a cookie and reloads."""
        clock = asyncio.get_running_loop()
        patience = clock.time() + _CHALLENGE_SECONDS
        while True:
            body = await self._body(response)
            text = body.decode("utf-8", errors="replace")
            if not is_challenge(response.status, text) or clock.time() > patience:
                return response, body
            await asyncio.sleep(0.25)
            response = self._last or response

    async def _body(self, response: Response) -> bytes:
        try:
            return await response.body()
        except Error:
            # Gone with a reload: what the browser shows now is what there is to keep.
            return (await self._page.content()).encode()

    def _on_response(self, response: Response) -> None:
        request = response.request
        is_document = request.is_navigation_request() and request.frame == self._page.main_frame
        if is_document and response.status not in range(300, 400):
            self._last = response

    async def _listed(self, opened: Opened) -> ListPage | None:
        """The list on a page as sent or, where a script fills it in, as shown; ``opened`` says if none is."""
        if opened.outcome is not Outcome.OK_COMPLETE or opened.page is None:
            return None
        listed = read_list(opened.page, opened.now)
        clock = asyncio.get_running_loop()
        patience = clock.time() + (_LATE_LIST_SECONDS if "<script" in opened.page.html else 0.0)
        while listed is None and clock.time() < patience:
            await asyncio.sleep(0.25)
            try:
                shown = await self._page.content()
            except Error:
                break
            page = HtmlPage(opened.page.url, shown)
            listed = read_list(page, opened.now)
            if listed is not None and opened.seen is not None:
                opened.page = page
                opened.seen = replace(opened.seen, body=shown.encode(), media_type="text/html; charset=utf-8")
        if listed is None:
            opened.outcome, opened.detail = Outcome.LAYOUT_CHANGED, "页面上没有找到列表"
        return listed

    # rows

    def _record(
        self,
        kind: str,
        column: str,
        url: str,
        opened: Opened,
        rows: tuple[Row, ...],
        *,
        is_navigation: bool = False,
    ) -> None:
        self.visit.items += self._items(kind, column, rows, opened, first_position=1)
        self._record_visit(kind, column, url, opened, list(rows), is_navigation=is_navigation)

    def _record_visit(
        self,
        kind: str,
        column: str,
        url: str,
        opened: Opened,
        rows: list[Row],
        *,
        pages: int = 1,
        ended: bool = False,
        is_navigation: bool = False,
    ) -> None:
        days = [row.day.day for row in rows if row.day]
        if opened.seen is not None and kind == "article":
            opened.seen = replace(opened.seen, role="article")
        self._keep(opened)
        self.visit.pages.append(
            PageVisit(
                page_kind=kind,
                column_name=column,
                url=url,
                final_url=opened.final_url,
                visited_at=datetime.now(UTC),
                outcome=opened.outcome,
                detail=opened.detail,
                http_status=opened.status,
                items_seen=len(rows),
                pages=pages,
                oldest_date=min(days, default=None),
                newest_date=max(days, default=None),
                reached_end=ended,
                is_navigation=is_navigation and opened.outcome in OK,
                evidence_sha256=opened.seen.sha256 if opened.seen else None,
            )
        )

    def _keep(self, opened: Opened) -> None:
        if opened.seen is not None and opened.seen not in self.visit.seen:
            self.visit.seen.append(opened.seen)

    def _items(
        self,
        kind: str,
        column: str,
        rows: tuple[Row, ...] | list[Row],
        opened: Opened,
        *,
        first_position: int,
    ) -> list[SiteItem]:
        self._keep(opened)
        sha256 = opened.seen.sha256 if opened.seen else ""
        return [
            SiteItem(
                page_kind=kind,
                column_name=column,
                position=position,
                url=row.url,
                title=row.title,
                claimed_date=row.day.day if row.day else None,
                claimed_raw=row.day.raw if row.day else "",
                claimed_rule=row.day.rule if row.day else "",
                evidence_sha256=sha256,
            )
            for position, row in enumerate(rows, start=first_position)
        ]
