"""Looking at one website: its home page, its registered columns, an article where a list's day cannot say.

One page after another in one tab, which has the turn of one host at a time: a host never has two of its
pages open at once.
"""

from collections import Counter
from dataclasses import replace
from urllib.parse import urlsplit

from extractors.browser import Browser
from extractors.journal import Journal, journal_of
from extractors.outcomes import BLOCKED, OK, Outcome
from extractors.periods import SHANGHAI
from extractors.plan import Plan
from extractors.records import Column, SiteItem, SiteService, Subject, Visit
from extractors.websites.articles import articles_to_open
from extractors.websites.classify import same_host
from extractors.websites.duties import home_channels, read_consultation, read_services
from extractors.websites.identity import missing
from extractors.websites.items import (
    MOST_ARTICLES,
    dated_by,
    items_of,
    page_visit_of,
    say_no_day,
    told_by_article,
    undated_on_top,
)
from extractors.websites.listing import ListReading
from extractors.websites.lists import MIN_ROWS
from extractors.websites.opening import Opened, Opener
from extractors.websites.replay import Recorder, SiteTab
from extractors.websites.tab import Tab
from extractors.websites.turns import host_turn
from extractors.websites.windows import (
    HOME,
    Dated,
    State,
    Window,
    column_windows,
    edge_rows,
)
from settings import Settings

_UPDATED = frozenset({State.UPDATED})
# A site that has stopped answering, or refuses, is not asked for the rest of its columns.
_GIVE_UP_AFTER = 3
_GIVES_UP_ON = BLOCKED | {Outcome.UNREACHABLE}
# W5 监测时间点前1年内.
LOOK_BACK = Window(months=12)
# Outcomes of a home page after which its columns may still be what the registry says they are.
_COLUMNS_MAY_BE_READ = OK | {Outcome.NOT_FOUND, Outcome.LAYOUT_CHANGED}


async def visit_website(
    browser: Browser, subject: Subject, plan: Plan, settings: Settings, *, sampled: bool = False
) -> Visit:
    """Look at ``subject``; what happens to a page becomes that page's outcome.

    The site's outcome is its home page's, made ``ok_partial`` by columns that could not be read. Raises
    ``playwright.async_api.Error`` only where the browser itself is gone.
    """
    async with host_turn(settings) as turn, browser.page() as page:
        tab = Recorder(Tab(page, settings, turn))
        asked = {"articles": settings.articles_per_column, "guides": settings.guides_per_site}
        visit = await look_at_website(tab, subject, plan, sampled=sampled, **asked)
    visit.seen += [seen for seen in tab.seen if seen not in visit.seen]
    content = {"kind": "website", "calls": tab.calls} | asked
    visit.seen.append(journal_of(Journal(subject, plan, content), subject.url))
    return visit


async def look_at_website(
    tab: SiteTab, subject: Subject, plan: Plan, *, articles: int, guides: int, sampled: bool = False
) -> Visit:
    """The look itself; ``tab`` may show the site as it is now or as it was once seen.

    ``articles``: how many to open of each column; ``guides``: how many service guides of the site.
    """
    look = SiteLook(tab, subject, plan, articles=articles, guides=guides, sampled=sampled)
    await look.home()
    if look.visit.outcome in _COLUMNS_MAY_BE_READ:
        for column in subject.columns:
            if column.column_class == "consultation":
                await look.consultation(column)
            elif column.column_class == "service":
                await look.service(column)
            else:
                await look.column(column)
        await look.date_home()
    return look.finished()


class SiteLook:
    """One look at one site, page by page; ``visit`` grows."""

    def __init__(
        self, tab: SiteTab, subject: Subject, plan: Plan, *, articles: int, guides: int, sampled: bool
    ) -> None:
        self._sampled = sampled  # a picture is taken even where all is well
        self._tab = tab
        self._opener = Opener(tab, subject)
        self._subject = subject
        self._plan = plan
        self._articles_wanted = articles
        self._guides_left = guides
        self._points = plan.monitoring_points
        self._lists = ListReading(self._opener, plan, self._keep)
        self._given_up: list[Outcome] = []  # of the columns just now, in a row
        self.visit = Visit(Outcome.UNREACHABLE, "", subject.url, subject.url, None, "browser")

    async def home(self) -> None:
        """The home page: whose site this is, and every dated row on it (W3)."""
        opened = await self._opener.open(self._subject.url, "home")
        rows = await self._opener.home_rows(opened)
        items = items_of(opened, rows, first_position=1)
        await self._picture(opened, items, HOME, ended=opened.outcome in OK)
        if opened.outcome in OK and opened.loaded is not None:
            if absent := missing(opened.loaded.page):
                opened.detail = f"首页缺少 {'、'.join(absent)}"
            await self._ask_articles(items, HOME)
        is_navigation = opened.outcome in OK and len(rows) < MIN_ROWS
        self._record(opened, items, ended=opened.outcome in OK, is_navigation=is_navigation)
        if opened.loaded is not None and opened.outcome in OK and "W5" in self._plan.indicators:
            self.visit.messages += home_channels(opened.loaded)
        visit, loaded = self.visit, opened.loaded
        visit.outcome, visit.detail, visit.final_url = opened.outcome, opened.detail, opened.final_url
        if loaded is not None:
            visit.http_status = loaded.status
            visit.identity_seen = loaded.page.site_code
            visit.server_date = loaded.seen.server_date
            visit.evidence_sha256 = loaded.seen.sha256

    async def column(self, column: Column) -> None:
        """A column's list, page after page until every window it is judged by is decided (W4)."""
        if len(self._given_up) >= _GIVE_UP_AFTER:
            last, now = self._given_up[-1], self._tab.clock(column.url)
            detail = f"前面连续 {_GIVE_UP_AFTER} 个栏目{last.zh}，未再打开"
            self._record(Opened("column", column.name, column.url, now, last, detail), [])
            return
        opened = await self._opener.open(column.url, "column", column.name)
        self._given_up = [*self._given_up, opened.outcome] if opened.outcome in _GIVES_UP_ON else []
        listed = await self._opener.list_of(opened, [])
        if listed is None:
            await self._picture(opened, [], (), ended=False)
            self._record(opened, [])
            return
        items = items_of(opened, listed.rows, first_position=1)
        windows = column_windows(column)
        await self._picture(opened, items, windows, ended=listed.is_last)
        await self._ask_undated(items, windows)
        pages, ended, problem = await self._lists.follow(column, opened, listed, items, windows)
        await self._ask_articles(items, windows)
        await self._sample_articles(items)
        found = set(self._lists.states(items, windows, ended=ended))
        undated = undated_on_top(items)
        # 未注明发布时间的视为不更新: what neither the list nor the articles date is no update.
        no_day_anywhere = bool(undated) and len(undated) == len(items) and say_no_day(undated)
        if State.OPEN in found and not no_day_anywhere:
            opened.fails(Outcome.OK_PARTIAL, problem or "列表没有读到足够早的日期")
        elif undated and not say_no_day(undated) and not found <= {State.UPDATED}:
            opened.fails(Outcome.OK_PARTIAL, "最新的条目没有日期")
        self._record(opened, items, pages=pages, ended=ended)

    async def date_home(self) -> None:
        """A home page's headlines without a day: what the columns say of the same articles, else what the
        articles say themselves. No day there either is no update (W3)."""
        items = [item for item in self.visit.items if item.page_kind == "home"]
        if all(item.claimed_date for item in items):
            return
        told = {i.url: i for i in self.visit.items if i.page_kind == "column" and i.claimed_date}
        dated = [dated_by(item, told.get(item.url)) for item in items]
        await self._ask_undated(dated, HOME)
        self.visit.items[: len(items)] = dated  # a home page is read first, so its items lead
        days = [item.claimed_date for item in dated if item.claimed_date]
        home = replace(
            self.visit.pages[0], oldest_date=min(days, default=None), newest_date=max(days, default=None)
        )
        left = [item for item in dated if item.claimed_date is None]
        is_sure = say_no_day(left) if not days else all(item.article_sha256 for item in left)
        if not is_sure and State.UPDATED not in self._lists.states(dated, HOME, ended=False):
            home = replace(home, outcome=Outcome.OK_PARTIAL, detail="首页条目没有日期")
            self.visit.outcome, self.visit.detail = home.outcome, home.detail
        self.visit.pages[0] = home

    async def consultation(self, column: Column) -> None:
        """A consultation channel's public messages, back to a year before the first monitoring point (W5)."""
        since = LOOK_BACK.opens(self._points[0]).astimezone(SHANGHAI).date()
        read = await read_consultation(self._opener.open, self._tab.settled, column, since)
        for further in read.further:
            self._keep(further)
        self.visit.messages += read.messages
        self._record(read.first, [], pages=read.pages, ended=read.ended, seen=len(read.messages))

    async def service(self, column: Column) -> None:
        """A list of service items and, as far as the setting allows, their guides (W6).

        A list on another host (a provincial service site) is not opened: many sites point there, and only
        one look at a time may be on a host. A reviewer looks there.
        """
        home, name, url = self._subject.url, column.name, column.url
        if not same_host(_host(url), _host(home)):
            why = f"办事服务在别的主机上：{_host(url)}"
            self.visit.services.append(SiteService(name, name, url, None, None, why, None))
            return
        read = await read_services(self._opener.open, self._tab.settled, column, home, self._guides_left)
        self._guides_left -= len(read.guides)
        for further in read.further:
            self._keep(further)
        for guide in read.guides:
            self._record(guide, [])
        self.visit.services += read.services
        self._record(read.first, [], pages=read.pages, ended=read.ended, seen=len(read.services))

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

    # articles

    async def _ask_undated(self, items: list[SiteItem], windows: tuple[Window, ...]) -> None:
        """Where the newest rows show no date, their articles may."""
        for index in range(min(len(undated_on_top(items)), MOST_ARTICLES)):
            if set(self._lists.states(items, windows, ended=False)) <= {State.UPDATED}:
                return
            items[index] = await self._with_article(items[index])

    async def _ask_articles(self, items: list[SiteItem], windows: tuple[Window, ...]) -> None:
        """Where only a part of the newest row's day lies in a window, its article knows the minute."""
        dated = [
            (index, Dated(i.claimed_date, i.claimed_at)) for index, i in enumerate(items) if i.claimed_date
        ]
        wanted = edge_rows(windows, self._points, [row for _, row in dated])
        for place in wanted[:MOST_ARTICLES]:
            index = dated[place][0]
            items[index] = await self._with_article(items[index])

    async def _sample_articles(self, items: list[SiteItem]) -> None:
        """Open a few articles to hold against the list (W1); none unless the setting says so."""
        if not self._articles_wanted:
            return
        own = [i for i, item in enumerate(items) if same_host(_host(item.url), _host(self._subject.url))]
        for place in articles_to_open([items[i] for i in own], self._articles_wanted, self._plan.period):
            items[own[place]] = await self._with_article(items[own[place]])

    async def _with_article(self, item: SiteItem) -> SiteItem:
        """The item with what its article says of itself, where the article is this site's and can be read."""
        if not same_host(_host(item.url), _host(self._subject.url)):
            return item
        opened = await self._opener.open(item.url, "article", item.column_name)
        self._record(opened, [])
        if opened.outcome not in OK or opened.loaded is None:
            return item
        return told_by_article(item, opened.loaded.page, opened.sha256)

    # what is kept

    async def _picture(
        self, opened: Opened, items: list[SiteItem], windows: tuple[Window, ...], *, ended: bool
    ) -> None:
        """A picture of what may be found wrong (not read, blank, no update), and of a sampled home page."""
        if opened.loaded is None:
            return  # nothing has come: there is nothing to be seen
        shown = set(self._lists.states(items, windows, ended=ended))
        is_fine = opened.outcome in OK and bool(items) and shown <= _UPDATED
        if is_fine and not (self._sampled and opened.kind == "home"):
            return
        if picture := await self._tab.screenshot("sample" if is_fine else "screenshot"):
            self.visit.seen.append(picture)

    def _keep(self, opened: Opened) -> None:
        for loaded in (opened.frame, opened.loaded):
            if loaded is not None:
                self.visit.seen.append(loaded.seen)

    def _record(
        self,
        opened: Opened,
        items: list[SiteItem],
        *,
        pages: int = 1,
        ended: bool = False,
        is_navigation: bool = False,
        seen: int | None = None,
    ) -> None:
        """Keep one page (a column's pages count as one) with its items and its first page's bytes."""
        self._keep(opened)
        self.visit.items += items
        page = page_visit_of(opened, items, seen, pages, ended=ended, is_navigation=is_navigation)
        self.visit.pages.append(page)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
