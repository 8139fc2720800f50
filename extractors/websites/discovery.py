"""``xunjian registry discover``: walk a site's navigation once and propose its ``columns`` rows.

Every way in is opened once, at the usual pace, in the one tab. A page with a list is a column; one without
is a channel whose own links lie a level deeper; a platform's frame names its columns in its tree.
"""

import asyncio
import csv
import io
from dataclasses import dataclass, field, replace
from urllib.parse import urldefrag

from extractors.browser import Browser
from extractors.outcomes import OK
from extractors.records import Subject
from extractors.websites.cms import gkmlpt
from extractors.websites.lists import read_headlines, read_home
from extractors.websites.navigation import Proposal, Way, plain_name, propose, ways_in
from extractors.websites.opening import NO_LIST, Opened, Opener
from extractors.websites.tab import Tab
from extractors.websites.turns import host_turn
from settings import Settings

# No site's navigation is larger; past it a calendar or a search is being walked.
_MOST_PAGES = 150
_DEEPEST = 2
HEADER = ("site_code", "column_name", "column_class", "url", "update_within_days", "column_level")


@dataclass(slots=True)
class Discovery:
    """Proposed columns in the order found, and what a person should know of them."""

    site_code: str
    columns: list[Proposal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_csv(self) -> str:
        """Rows of the registry's ``columns`` table, with its header."""
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(HEADER)
        for one in self.columns:
            days = one.update_within_days if one.update_within_days is not None else ""
            rows.writerow([self.site_code, one.name, one.column_class, one.url, days, one.level])
        return text.getvalue()


def discover_site(subject: Subject, settings: Settings) -> Discovery:
    """:func:`discover` with a browser of its own. Raises :class:`errors.UserError` where there is none."""

    async def work() -> Discovery:
        async with Browser(settings) as browser:
            return await discover(browser, subject, settings)

    return asyncio.run(work())


async def discover(browser: Browser, subject: Subject, settings: Settings) -> Discovery:
    """Walk the navigation of ``subject``. Pages that cannot be read are named in the notes."""
    async with host_turn(settings) as turn, browser.page() as page:
        walk = _Walk(Opener(Tab(page, settings, turn), subject), subject)
        await walk.home()
        while walk.waiting and walk.opened < _MOST_PAGES:
            await walk.follow(walk.waiting.pop(0))
        if walk.waiting:
            walk.found.notes.append(f"打开了 {_MOST_PAGES} 页，还有 {len(walk.waiting)} 个链接没有看")
    return walk.with_levels()


class _Walk:
    def __init__(self, opener: Opener, subject: Subject) -> None:
        self._opener = opener
        self._subject = subject
        self._met: dict[str, Way] = {}
        self.found = Discovery(subject.uid)
        self.waiting: list[Way] = []
        self.opened = 0

    async def home(self) -> None:
        opened = await self._opener.open(self._subject.url, "home")
        await self._opener.home_rows(opened)
        if opened.outcome not in OK or opened.loaded is None:
            self.found.notes.append(f"首页没有读到：{opened.outcome.zh}，{opened.detail}")
            return
        self._add(opened, 1)

    async def follow(self, way: Way) -> None:
        """One page: a column, a platform's frame, or a channel that leads on."""
        self.opened += 1
        opened = await self._opener.open(way.url, "column", way.name)
        page = opened.loaded.page if opened.loaded is not None else None
        nodes = gkmlpt.tree(page) if page is not None and opened.outcome in OK else ()
        if nodes and "#" not in way.url:
            self._add_tree(way, nodes)
            return
        listed = await self._opener.list_of(opened, [])
        if listed is not None and page is not None:
            meta = page if not nodes else replace(page, html="")  # the frame's own name is no column's
            days = [row.day.day for row in listed.rows if row.day]
            self._propose(propose(meta, way, days))
        elif opened.detail == NO_LIST:
            if way.level < _DEEPEST:
                self._add(opened, way.level + 1)
        else:
            self.found.notes.append(
                f"“{way.name}”没有读到：{opened.outcome.zh}，{opened.detail}（{way.url}）"
            )

    def with_levels(self) -> Discovery:
        """What was found, each column as deep as the surest link to it says."""
        levels = {way.url: way.level for way in self._met.values()}
        columns = [replace(one, level=levels.get(one.url, one.level)) for one in self.found.columns]
        return replace(self.found, columns=columns)

    def _add(self, opened: Opened, level: int) -> None:
        assert opened.loaded is not None
        page, now = opened.loaded.page, opened.loaded.now
        articles = frozenset(row.url for row in (*read_home(page, now), *read_headlines(page)))
        for way in ways_in(page, self._subject.url, level, articles):
            known = self._met.get(way.url)
            if known is None:
                self.waiting.append(way)
            if known is None or (way.is_sure and not known.is_sure):
                self._met[way.url] = way

    def _add_tree(self, way: Way, nodes: tuple[gkmlpt.Node, ...]) -> None:
        frame = urldefrag(way.url).url
        for node in nodes:
            name, url = plain_name(node.name), f"{frame}#{node.number}"
            if node.jump_url:
                self.found.notes.append(f"“{name}”在别处：{node.jump_url}")
            elif name and url not in self._met:
                self._met[url] = Way(name, url, way.level + node.depth - 1)
                self.waiting.append(self._met[url])

    def _propose(self, proposal: Proposal) -> None:
        """The registry tells columns apart by name: a second one of the same name gets a number."""
        known = {one.name for one in self.found.columns}
        name, number = proposal.name, 2
        while name in known:
            name, number = f"{proposal.name}（{number}）", number + 1
        self.found.columns.append(replace(proposal, name=name))
