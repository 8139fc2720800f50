"""Going through a site's public duties: what is asked and answered (W5), what services are described (W6).

Page after page, by the same tab as everything else; what a page says is read by the pure ``messages`` and
``services``. What cannot be read from outside is left as a row that says so, for a reviewer.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from extractors.outcomes import OK, Outcome
from extractors.records import Column, SiteMessage, SiteService
from extractors.websites.classify import same_host
from extractors.websites.messages import channel_links, read_messages
from extractors.websites.opening import Opened
from extractors.websites.paging import next_link
from extractors.websites.services import guide_elements, service_links
from extractors.websites.tab import Loaded

_MOST_PAGES = 20
_T = TypeVar("_T")
Settle = Callable[[Loaded], Awaitable[Loaded]]


class Open(Protocol):
    """Opens one address and says what came of it."""

    async def __call__(self, url: str, kind: str, column: str = "") -> Opened: ...


@dataclass(slots=True)
class Pages:
    """A list that was read page by page. ``further``: its pages after the first, kept as evidence."""

    first: Opened
    further: list[Opened] = field(default_factory=list)
    ended: bool = False
    messages: list[SiteMessage] = field(default_factory=list)
    services: list[SiteService] = field(default_factory=list)
    guides: list[Opened] = field(default_factory=list)

    @property
    def pages(self) -> int:
        return 1 + len(self.further)


def home_channels(home: Loaded) -> list[SiteMessage]:
    """The channels that a home page links to: they show that there is one, not what is asked there."""
    return [
        SiteMessage("home", "", url, None, name, None, None, "", False, home.seen.sha256)
        for name, url in channel_links(home.page)
    ]


async def read_consultation(open_page: Open, settle: Settle, column: Column, since: date) -> Pages:
    """The channel's public messages asked on or after ``since`` (a day in Asia/Shanghai).

    Its first page's outcome is ``ok_complete`` where the whole of that was read or no list is public.
    """
    read = Pages(await open_page(column.url, "consultation", column.name))
    opened: Opened | None = read.first
    while opened is not None and opened.outcome in OK and opened.loaded is not None:
        found = await _shown(opened, settle, lambda loaded: read_messages(loaded.page, loaded.now))
        known = {message.message_id for message in read.messages}
        new = [message for message in found if message.message_id not in known]
        read.messages += [
            SiteMessage(
                "consultation", column.name, m.url, m.message_id, m.title, m.asked_on, m.replied_on, m.status,
                True, opened.sha256,
            )
            for m in new
        ]  # fmt: skip
        following, read.ended = next_link(opened.loaded.page)
        if not new or new[-1].asked_on < since or following is None:
            break
        opened = await _next(open_page, read, following, "consultation", column)
    if read.first.outcome in OK and not read.messages and read.first.loaded is not None:
        read.messages.append(
            SiteMessage(
                "consultation", column.name, column.url, None, column.name, None, None, "", False,
                read.first.sha256,
            )
        )  # fmt: skip
    elif read.first.outcome in OK and not read.ended and not _reach_past(read.messages, since):
        read.first.fails(Outcome.OK_PARTIAL, f"留言列表读了 {read.pages} 页，没有读到 {since}")
    return read


async def read_services(open_page: Open, settle: Settle, column: Column, home: str, guides: int) -> Pages:
    """The items that the column lists; at most ``guides`` guides are opened, and none on another host than
    that of ``home``."""
    read = Pages(await open_page(column.url, "service", column.name))
    items: dict[str, tuple[str, str]] = {}  # address → name, evidence
    opened: Opened | None = read.first
    while opened is not None and opened.outcome in OK and opened.loaded is not None:
        found = await _shown(opened, settle, lambda loaded: service_links(loaded.page))
        new = [(name, url) for name, url in found if url not in items]
        items |= {url: (name, opened.sha256) for name, url in new}
        following, read.ended = next_link(opened.loaded.page)
        if not new or following is None:
            break
        opened = await _next(open_page, read, following, "service", column)
    if read.first.outcome in OK and not read.ended:
        read.first.fails(Outcome.OK_PARTIAL, f"事项列表读了 {read.pages} 页，没有读到末页")
    for url, (name, evidence) in items.items():
        service = SiteService(column.name, name, url, None, None, "", evidence)
        read.services.append(await _with_guide(service, open_page, read, home, guides))
    return read


async def _with_guide(item: SiteService, open_page: Open, read: Pages, home: str, most: int) -> SiteService:
    if not same_host(urlsplit(item.url).hostname or "", urlsplit(home).hostname or ""):
        return replace(item, detail=f"办事指南在别的主机上：{urlsplit(item.url).hostname}")
    if len(read.guides) >= most:
        return replace(item, detail="未打开办事指南（XUNJIAN_GUIDES_PER_SITE）")
    guide = await open_page(item.url, "guide", item.column_name)
    read.guides.append(guide)
    if guide.outcome not in OK or guide.loaded is None:
        return replace(item, detail=f"办事指南打不开：{guide.detail}")
    found, missing = guide_elements(guide.loaded.page)
    return replace(item, elements_found=found, elements_missing=missing, evidence_sha256=guide.sha256)


async def _next(open_page: Open, read: Pages, url: str, kind: str, column: Column) -> Opened | None:
    """The following page; None where the list goes on elsewhere, for too long, or cannot be read."""
    on_this_host = same_host(urlsplit(url).hostname or "", urlsplit(column.url).hostname or "")
    if read.pages >= _MOST_PAGES or not on_this_host:
        return None
    opened = await open_page(url, kind, column.name)
    read.further.append(opened)
    return opened


async def _shown(opened: Opened, settle: Settle, read: Callable[[Loaded], tuple[_T, ...]]) -> tuple[_T, ...]:
    """What ``read`` finds in the page as sent or, where a script fills it, as shown."""
    assert opened.loaded is not None
    if found := read(opened.loaded):
        return found
    settled = await settle(opened.loaded)
    found = read(settled)
    if found and settled.page.url == opened.loaded.page.url:
        opened.loaded = settled
        return found
    return ()


def _reach_past(messages: list[SiteMessage], since: date) -> bool:
    """Lists are newest first: the last message tells how far back they were read."""
    asked_on = messages[-1].asked_on
    return asked_on is not None and asked_on < since
