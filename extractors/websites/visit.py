"""Looking at one website: its home page, its registered columns, an article where a list's day cannot say.

One page after another in one context: a host never has two of its pages open at once.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import takewhile
from urllib.parse import urlsplit

from extractors.browser import Browser
from extractors.outcomes import OK, Outcome
from extractors.periods import SHANGHAI
from extractors.plan import Plan
from extractors.records import Column, PageVisit, SiteItem, Subject, Visit
from extractors.websites.classify import classify_page, same_host
from extractors.websites.lists import MIN_ROWS, read_home, read_list
from extractors.websites.pages import article_time
from extractors.websites.rows import ListPage, Row
from extractors.websites.tab import Loaded, NotLoaded, Tab
from extractors.websites.windows import (
    HOME,
    Dated,
    State,
    Window,
    column_windows,
    edge_rows,
    reach_of,
    states,
)
from settings import Settings

_MOST_LIST_PAGES = 40
# Articles opened of one page: enough to pass what is pinned on top, few enough to be no burden.
_MOST_ARTICLES = 5
# A site that has stopped answering is not asked for the rest of its columns.
_GIVE_UP_AFTER = 3
# Outcomes of a home page after which its columns may still be what the registry says they are.
_COLUMNS_MAY_BE_READ = OK | {Outcome.NOT_FOUND, Outcome.LAYOUT_CHANGED}


async def visit_website(browser: Browser, subject: Subject, plan: Plan, settings: Settings) -> Visit:
    """Look at ``subject``; what happens to a page becomes that page's outcome.

    The site's outcome is its home page's, made ``ok_partial`` by columns that could not be read. Raises
    ``playwright.async_api.Error`` only where the browser itself is gone.
    """
    async with browser.page() as page:
        look = SiteLook(Tab(page, settings), subject, plan)
        await look.home()
        if look.visit.outcome in _COLUMNS_MAY_BE_READ:
            for column in subject.columns:
                await look.column(column)
        return look.finished()


@dataclass(slots=True)
class Opened:
    """One address that was opened: the outcome so far and, where a page came, the page."""

    kind: str  # home | column | article
    column: str
    url: str
    visited_at: datetime
    outcome: Outcome
    detail: str
    loaded: Loaded | None = None

    @property
    def final_url(self) -> str:
        return self.loaded.seen.url if self.loaded else self.url

    @property
    def sha256(self) -> str:
        return self.loaded.seen.sha256 if self.loaded else ""

    def fails(self, outcome: Outcome, detail: str) -> None:
        self.outcome, self.detail = outcome, detail


class SiteLook:
    """One look at one site, page by page; ``visit`` grows."""

    def __init__(self, tab: Tab, subject: Subject, plan: Plan) -> None:
        self._tab = tab
        self._subject = subject
        self._points = plan.monitoring_points
        self._since = plan.since.astimezone(SHANGHAI).date()
        self._unreachable = 0  # columns in a row
        self.visit = Visit(Outcome.UNREACHABLE, "", subject.url, subject.url, None, "browser")

    async def home(self) -> None:
        """The home page: whose site this is, and every dated row on it (W3)."""
        opened = await self._open(self._subject.url, "home")
        rows = await self._home_rows(opened)
        items = self._items(opened, rows, first_position=1)
        if opened.outcome in OK:
            await self._ask_articles(items, HOME)
        is_navigation = opened.outcome in OK and len(rows) < MIN_ROWS
        self._record(opened, items, ended=opened.outcome in OK, is_navigation=is_navigation)
        visit, loaded = self.visit, opened.loaded
        visit.outcome, visit.detail, visit.final_url = opened.outcome, opened.detail, opened.final_url
        if loaded is not None:
            visit.http_status = loaded.status
            visit.identity_seen = loaded.page.site_code
            visit.server_date = loaded.seen.server_date
            visit.evidence_sha256 = loaded.seen.sha256

    async def column(self, column: Column) -> None:
        """A column's list, page after page until every window it is judged by is decided (W4)."""
        if self._unreachable >= _GIVE_UP_AFTER:
            detail = f"前面连续 {_GIVE_UP_AFTER} 个栏目打不开，未再打开"
            now = datetime.now(UTC)
            self._record(Opened("column", column.name, column.url, now, Outcome.UNREACHABLE, detail), [])
            return
        opened = await self._open(column.url, "column", column.name)
        self._unreachable = self._unreachable + 1 if opened.outcome is Outcome.UNREACHABLE else 0
        listed = await self._list(opened)
        if listed is None:
            self._record(opened, [])
            return
        items = self._items(opened, listed.rows, first_position=1)
        windows = column_windows(column)
        await self._ask_undated(items, windows)
        pages, ended, problem = await self._follow(column, listed, items, windows)
        await self._ask_articles(items, windows)
        found = set(self._states(items, windows, ended=ended))
        if State.OPEN in found:
            opened.fails(Outcome.OK_PARTIAL, problem or "列表没有读到足够早的日期")
        elif items and items[0].claimed_date is None and not found <= {State.UPDATED}:
            opened.fails(Outcome.OK_PARTIAL, "最新的条目没有日期")
        self._record(opened, items, pages=pages, ended=ended)

    def finished(self) -> Visit:
        """The site's outcome: its home page's; where that leads on to columns and none was read, theirs."""
        visit = self.visit
        visit.items_seen = len(visit.items)
        columns = [page for page in visit.pages if page.page_kind == "column"]
        unread = [page for page in columns if page.outcome is not Outcome.OK_COMPLETE]
        if visit.outcome in OK and unread:
            first = unread[0]
            visit.detail = f"{len(unread)} 个栏目没有完整读到，如“{first.column_name}”：{first.detail}"
            home_leads_on = any(page.is_navigation for page in visit.pages)
            nothing_read = home_leads_on and all(page.outcome not in OK for page in columns)
            common = Counter(page.outcome for page in unread).most_common(1)[0][0]
            visit.outcome = common if nothing_read else Outcome.OK_PARTIAL
        return visit

    # one page

    async def _open(self, url: str, kind: str, column: str = "") -> Opened:
        at, role = datetime.now(UTC), {"home": "page", "column": "list"}.get(kind, kind)
        try:
            loaded = await self._tab.load(url, role)
        except NotLoaded as error:
            return Opened(kind, column, url, at, error.outcome, error.detail)
        opened = Opened(kind, column, url, at, Outcome.OK_COMPLETE, "", loaded)
        self._classify(opened)
        return opened

    def _classify(self, opened: Opened) -> None:
        """Whether the page is the registered one. A column on another host has that site's 标识码."""
        assert opened.loaded is not None
        page, host = opened.loaded.page, _host(opened.url)
        code = self._subject.uid if same_host(host, _host(self._subject.url)) else None
        opened.fails(*classify_page(opened.loaded.status, page.url, host, page, code))
        at_home = opened.final_url == self.visit.final_url and opened.url != self.visit.url
        if opened.kind == "column" and at_home and opened.url != opened.final_url:
            opened.fails(Outcome.NOT_FOUND, "栏目网址跳转到首页")

    async def _home_rows(self, opened: Opened) -> tuple[Row, ...]:
        if opened.outcome not in OK or opened.loaded is None:
            return ()
        rows = read_home(opened.loaded.page, opened.loaded.now)
        if len(rows) >= MIN_ROWS:
            return rows
        # Too little for a home page with news: perhaps a script brings them, or leads to the real one.
        settled = await self._tab.settled(opened.loaded)
        shown = read_home(settled.page, opened.loaded.now)
        if len(shown) > len(rows) or settled.page.url != opened.loaded.page.url:
            opened.loaded, rows = settled, shown
            self._classify(opened)
        if opened.outcome in OK and len(rows) < MIN_ROWS and self._tab.failed_calls:
            opened.fails(Outcome.LAYOUT_CHANGED, f"首页没有加载完整：{self._tab.failed_calls[0]}")
        return rows if opened.outcome in OK else ()

    async def _list(self, opened: Opened) -> ListPage | None:
        """The list as sent or, where a script fills it, as shown; where there is none ``opened`` says why."""
        if opened.outcome not in OK or opened.loaded is None:
            return None
        listed = read_list(opened.loaded.page, opened.loaded.now)
        if listed is not None and listed.rows:
            return listed
        settled = await self._tab.settled(opened.loaded)
        shown = read_list(settled.page, opened.loaded.now)
        if (shown is not None and shown.rows) or settled.page.url != opened.loaded.page.url:
            opened.loaded, listed = settled, shown
            self._classify(opened)
        if opened.outcome in OK and (listed is None or not listed.rows):
            if self._tab.failed_calls:
                opened.fails(Outcome.LAYOUT_CHANGED, f"列表没有加载完整：{self._tab.failed_calls[0]}")
            elif listed is None:
                opened.fails(Outcome.LAYOUT_CHANGED, "页面上没有列表")
        return listed if opened.outcome in OK else None

    # a column's further pages and articles

    async def _follow(
        self, column: Column, listed: ListPage, items: list[SiteItem], windows: tuple[Window, ...]
    ) -> tuple[int, bool, str]:
        """Read on while something is open; ``(pages read, whether the list ended, what went wrong)``."""
        pages = 1
        while listed.next_url and State.OPEN in self._states(items, windows, ended=False):
            if not any(row.day for row in listed.rows):
                return pages, False, "列表没有日期"
            if (reach := self._reach(items)) is not None and reach < self._since:
                return pages, False, "已读到计划的起点，仍未到期限起点"
            if pages == _MOST_LIST_PAGES:
                return pages, False, f"读了 {pages} 页仍未到期限起点"
            if not same_host(_host(listed.next_url), _host(column.url)):
                return pages, False, "下一页在别的主机上"
            opened = await self._open(listed.next_url, "column", column.name)
            more = await self._list(opened)
            if more is None:
                return pages, False, f"第 {pages + 1} 页没有读到：{opened.detail}"
            known = {item.url for item in items}
            new = tuple(row for row in more.rows if row.url not in known)
            if not new:
                return pages, False, f"第 {pages + 1} 页没有新内容"
            self._keep(opened)
            items += self._items(opened, new, first_position=len(items) + 1)
            listed, pages = more, pages + 1
        return pages, listed.is_last, ""

    async def _ask_undated(self, items: list[SiteItem], windows: tuple[Window, ...]) -> None:
        """Where the newest rows show no date, their articles may."""
        undated = list(takewhile(lambda item: item.claimed_date is None, items))
        for index in range(min(len(undated), _MOST_ARTICLES)):
            if set(self._states(items, windows, ended=False)) <= {State.UPDATED}:
                return
            items[index] = await self._with_article(items[index])

    async def _ask_articles(self, items: list[SiteItem], windows: tuple[Window, ...]) -> None:
        """Where only a part of the newest row's day lies in a window, its article knows the minute."""
        dated = [
            (index, Dated(i.claimed_date, i.claimed_at)) for index, i in enumerate(items) if i.claimed_date
        ]
        wanted = edge_rows(windows, self._points, [row for _, row in dated])
        for place in wanted[:_MOST_ARTICLES]:
            index = dated[place][0]
            items[index] = await self._with_article(items[index])

    async def _with_article(self, item: SiteItem) -> SiteItem:
        """The item with its article's own ``PubDate``, where the article is this site's and says one."""
        if not same_host(_host(item.url), _host(self._subject.url)):
            return item
        opened = await self._open(item.url, "article", item.column_name)
        self._record(opened, [])
        if opened.outcome not in OK or opened.loaded is None:
            return item
        claimed = article_time(opened.loaded.page)
        item = replace(item, article_sha256=opened.sha256)
        if claimed is None:
            return item
        if item.claimed_date is None:
            item = replace(item, claimed_date=claimed.day, claimed_raw=claimed.raw, claimed_rule=claimed.rule)
        return replace(item, claimed_at=claimed.at)

    def _states(self, items: list[SiteItem], windows: tuple[Window, ...], *, ended: bool) -> list[State]:
        rows = [Dated(item.claimed_date, item.claimed_at) for item in items if item.claimed_date]
        whole = ended or not items  # an empty list has nothing more to show
        return states(windows, self._points, rows, self._reach(items), ended=whole)

    def _reach(self, items: list[SiteItem]) -> date | None:
        return reach_of([item.claimed_date for item in items if item.claimed_date])

    # what is kept

    def _items(self, opened: Opened, rows: tuple[Row, ...], *, first_position: int) -> list[SiteItem]:
        return [
            SiteItem(
                page_kind=opened.kind,
                column_name=opened.column,
                position=position,
                url=row.url,
                title=row.title,
                claimed_date=row.day.day if row.day else None,
                claimed_raw=row.day.raw if row.day else "",
                claimed_rule=row.day.rule if row.day else "",
                evidence_sha256=opened.sha256,
            )
            for position, row in enumerate(rows, start=first_position)
        ]

    def _keep(self, opened: Opened) -> None:
        if opened.loaded is not None:
            self.visit.seen.append(opened.loaded.seen)

    def _record(
        self,
        opened: Opened,
        items: list[SiteItem],
        *,
        pages: int = 1,
        ended: bool = False,
        is_navigation: bool = False,
    ) -> None:
        """Keep one page (a column's pages count as one) with its items and its first page's bytes."""
        self._keep(opened)
        self.visit.items += items
        days = [item.claimed_date for item in items if item.claimed_date]
        self.visit.pages.append(
            PageVisit(
                page_kind=opened.kind,
                column_name=opened.column,
                url=opened.url,
                final_url=opened.final_url,
                visited_at=opened.visited_at,
                outcome=opened.outcome,
                detail=opened.detail,
                http_status=opened.loaded.status if opened.loaded else None,
                items_seen=len(items),
                pages=pages,
                oldest_date=min(days, default=None) if opened.kind == "home" else reach_of(days),
                newest_date=max(days, default=None),
                reached_end=ended,
                is_navigation=is_navigation,
                evidence_sha256=opened.sha256 or None,
            )
        )


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
