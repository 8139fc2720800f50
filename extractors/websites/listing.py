"""Reading a column's list on from its first page, until every window that it is judged by is decided."""

from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

from extractors.periods import SHANGHAI
from extractors.plan import Plan
from extractors.records import Column, SiteItem
from extractors.websites.classify import same_host
from extractors.websites.items import items_of
from extractors.websites.opening import Opened, Opener
from extractors.websites.rows import ListPage
from extractors.websites.windows import Dated, State, Window, reach_of, states

_MOST_LIST_PAGES = 40


class ListReading:
    """The lists of one site in one look. ``keep`` is told of every further page that was read."""

    def __init__(self, opener: Opener, plan: Plan, keep: Callable[[Opened], None]) -> None:
        self._opener = opener
        self._points = plan.monitoring_points
        self._since = plan.since.astimezone(SHANGHAI).date()
        self._keep = keep

    async def follow(
        self,
        column: Column,
        opened: Opened,
        listed: ListPage,
        items: list[SiteItem],
        windows: tuple[Window, ...],
    ) -> tuple[int, bool, str]:
        """Read on while something is open; ``(pages read, whether the list ended, what went wrong)``."""
        pages = 1
        while State.OPEN in self.states(items, windows, ended=False):
            days = [item.claimed_date for item in items if item.claimed_date]
            if not listed.next_url:
                listed = await self._opener.at_rest(opened, listed, days[: -len(listed.rows)])
            if not listed.next_url and listed.is_last:
                break
            if not any(row.day for row in listed.rows):
                return pages, False, "列表没有日期"
            if (reach := self._reach(items)) is not None and reach < self._since:
                return pages, False, "已读到计划的起点，仍未到期限起点"
            if pages == _MOST_LIST_PAGES:
                return pages, False, f"读了 {pages} 页仍未到期限起点"
            if listed.next_url and not same_host(_host(listed.next_url), _host(column.url)):
                return pages, False, "下一页在别的主机上"
            opened, more, ends = await self._next(column, opened, listed, days)
            if more is None:
                return pages, ends, f"第 {pages + 1} 页没有读到：{opened.detail or '页面不能翻页'}"
            known = {item.url for item in items}
            new = tuple(row for row in more.rows if row.url not in known)
            if not new:
                return pages, more.is_last, f"第 {pages + 1} 页没有新内容"
            self._keep(opened)
            items += items_of(opened, new, first_position=len(items) + 1)
            listed, pages = more, pages + 1
        return pages, listed.is_last, ""

    async def _next(
        self, column: Column, opened: Opened, listed: ListPage, days: list[date]
    ) -> tuple[Opened, ListPage | None, bool]:
        """The list's next page: by its link or, where a script turns pages, by pressing its button. And
        whether the list ends where there is none."""
        if listed.next_url is None:
            return await self._opener.pressed(opened, days)
        following = await self._opener.open(listed.next_url, "column", column.name, data=True)
        return following, await self._opener.list_of(following, days), False

    def states(self, items: list[SiteItem], windows: tuple[Window, ...], *, ended: bool) -> list[State]:
        """What the items say of every window at every monitoring point; ``ended``: nothing more follows."""
        rows = [Dated(item.claimed_date, item.claimed_at) for item in items if item.claimed_date]
        whole = ended or not items  # an empty list has nothing more to show
        return states(windows, self._points, rows, self._reach(items), ended=whole)

    def _reach(self, items: list[SiteItem]) -> date | None:
        return reach_of([item.claimed_date for item in items if item.claimed_date])


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
