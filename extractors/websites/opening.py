"""Opening a page of a site, in the one tab: whose it is, and the rows that it shows at once or at rest."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urldefrag, urlsplit

from extractors.outcomes import OK, Outcome
from extractors.records import Subject
from extractors.websites.classify import classify_page, same_host
from extractors.websites.identity import Identity
from extractors.websites.lists import MIN_ROWS, read_headlines, read_home, read_list
from extractors.websites.replay import SiteTab
from extractors.websites.rows import ListAt, ListPage, Row
from extractors.websites.tab import Loaded, NotLoaded

_ROLES = {"home": "page", "column": "list"}
NO_LIST = "页面上没有列表"  # the page came, whole and the site's own
# That data could not be had says that the *list* cannot be read, not that the site is down or gone.
_NO_DATA = frozenset({Outcome.UNREACHABLE, Outcome.NOT_FOUND})


@dataclass(slots=True)
class Opened:
    """One address that was opened: the outcome so far and, where a page came, the page."""

    kind: str  # home | column | article | consultation | service | guide
    column: str
    url: str
    visited_at: datetime
    outcome: Outcome
    detail: str
    loaded: Loaded | None = None
    frame: Loaded | None = None  # the page around it, where ``loaded`` is a list's data

    @property
    def final_url(self) -> str:
        return self.loaded.seen.url if self.loaded else self.url

    @property
    def sha256(self) -> str:
        return self.loaded.seen.sha256 if self.loaded else ""

    def fails(self, outcome: Outcome, detail: str) -> None:
        self.outcome, self.detail = outcome, detail


class Opener:
    """Opens the pages of one site. ``home_url`` is where its home page was in the end."""

    def __init__(self, tab: SiteTab, subject: Subject) -> None:
        self._tab = tab
        self._subject = subject
        self._frames: dict[str, Loaded] = {}  # one frame serves all columns of a platform
        self.home_url = ""

    async def open(self, url: str, kind: str, column: str = "", *, data: bool = False) -> Opened:
        """The page at ``url``; whatever happens becomes its outcome."""
        at = self._tab.clock(url)
        loaded = self._frames.get(urldefrag(url).url) if kind == "column" else None
        if loaded is None:
            try:
                loaded = await self._tab.load(url, _ROLES.get(kind, kind), data=data)
            except NotLoaded as error:
                return Opened(kind, column, url, at, error.outcome, error.detail)
        opened = Opened(
            kind, column, url, at, Outcome.OK_COMPLETE, "", replace(loaded, page=loaded.page.at_fragment(url))
        )
        self._classify(opened)
        if kind == "home":
            self.home_url = opened.final_url
            self._frames[urldefrag(url).url] = loaded
        return opened

    async def home_rows(self, opened: Opened) -> tuple[Row, ...]:
        """The dated rows of a home page; with too few, its headlines without a day beside them.

        Fewer than three in all: it only leads on to columns (or ``opened`` says what is wrong with it).
        """
        if opened.outcome not in OK or opened.loaded is None:
            return ()
        rows = read_home(opened.loaded.page, opened.loaded.now)
        if len(rows) < MIN_ROWS:
            # Too little for a home page with news: perhaps a script brings them, or leads to the real one.
            settled = await self._tab.settled(opened.loaded)
            shown = read_home(settled.page, opened.loaded.now)
            if len(shown) > len(rows) or settled.page.url != opened.loaded.page.url:
                opened.loaded, rows = settled, shown
                self._classify(opened)
        if len(rows) < MIN_ROWS and opened.outcome in OK:
            dated = {row.url for row in rows}
            rows += tuple(row for row in read_headlines(opened.loaded.page) if row.url not in dated)
            if len(rows) < MIN_ROWS and self._tab.failed_calls:
                opened.fails(Outcome.LAYOUT_CHANGED, f"首页没有加载完整：{self._tab.failed_calls[0]}")
        return rows if opened.outcome in OK else ()

    async def list_of(self, opened: Opened, above: list[date]) -> ListPage | None:
        """The list as sent, in its data or, where a script fills it, as shown; where there is none ``opened``
        says why. ``above`` are the days of its earlier pages."""
        if opened.outcome not in OK or opened.loaded is None:
            return None
        listed = read_list(opened.loaded.page, opened.loaded.now, above)
        if isinstance(listed, ListAt):
            return await self._data_of(opened, listed)
        if listed is not None and listed.rows:
            return listed
        settled = await self._tab.settled(opened.loaded)
        shown = read_list(settled.page, opened.loaded.now, above)
        if (isinstance(shown, ListPage) and shown.rows) or settled.page.url != opened.loaded.page.url:
            opened.loaded = settled
            listed = shown if isinstance(shown, ListPage) else None
            self._classify(opened)
        if opened.outcome in OK and (listed is None or not listed.rows):
            if self._tab.failed_calls:
                opened.fails(Outcome.LAYOUT_CHANGED, f"列表没有加载完整：{self._tab.failed_calls[0]}")
            elif listed is None:
                opened.fails(Outcome.LAYOUT_CHANGED, NO_LIST)
        return listed if opened.outcome in OK else None

    async def at_rest(self, opened: Opened, listed: ListPage, above: list[date]) -> ListPage:
        """``listed`` with the way on that scripts may have written. Before they have run, a page without a
        pager is not known to be the last."""
        assert opened.loaded is not None
        if "<script" not in opened.loaded.page.html.lower():
            return listed
        if not self._tab.shows(opened.loaded):
            return replace(listed, is_last=False)
        settled = await self._tab.settled(opened.loaded)
        shown = read_list(settled.page, opened.loaded.now, above)
        if not isinstance(shown, ListPage) or len(shown.rows) < len(listed.rows):
            return replace(listed, is_last=False)
        return replace(listed, next_url=shown.next_url, is_last=shown.is_last)

    async def pressed(self, opened: Opened, above: list[date]) -> tuple[Opened, ListPage | None, bool]:
        """The list after its script's "下一页" was pressed, and whether the list ends where it cannot be."""
        assert opened.loaded is not None
        if not self._tab.shows(opened.loaded):
            return opened, None, False
        shown, ends = await self._tab.turned(opened.loaded)
        if shown is None:
            return opened, None, ends
        listed = read_list(shown.page, opened.loaded.now, above)
        return replace(opened, loaded=shown), listed if isinstance(listed, ListPage) else None, False

    async def _data_of(self, opened: Opened, listed: ListAt) -> ListPage | None:
        """The list of which ``opened`` is the frame."""
        assert opened.loaded is not None
        self._frames[urldefrag(opened.url).url] = opened.frame = opened.loaded
        if not same_host(_host(listed.url), _host(opened.url)):
            opened.fails(Outcome.LAYOUT_CHANGED, "列表的数据在别的主机上")
            return None
        data = await self.open(listed.url, "column", opened.column, data=True)
        opened.loaded = data.loaded or opened.loaded
        if data.outcome not in OK or data.loaded is None:
            outcome = Outcome.LAYOUT_CHANGED if data.outcome in _NO_DATA else data.outcome
            opened.fails(outcome, f"列表的数据没有取到：{data.detail}")
            return None
        found = read_list(data.loaded.page, data.loaded.now)
        if not isinstance(found, ListPage):
            opened.fails(Outcome.LAYOUT_CHANGED, "列表的数据读不懂")
            return None
        return found

    def _classify(self, opened: Opened) -> None:
        """Whether the page is the registered one. A column on another host has that site's 标识码; a column's
        own name and domain are not compared, since some systems print those of the part it belongs to."""
        assert opened.loaded is not None
        page, host, home_host = opened.loaded.page, _host(opened.url), _host(self._subject.url)
        registered = None
        if same_host(host, home_host):
            whole = Identity(self._subject.uid, self._subject.name, home_host)
            registered = whole if opened.kind == "home" else Identity(self._subject.uid)
        opened.fails(*classify_page(opened.loaded.status, page.url, host, page, registered))
        asked, came_to = urldefrag(opened.url).url, urldefrag(opened.final_url).url
        at_home = came_to == urldefrag(self.home_url).url and asked != self._subject.url
        is_list = opened.kind in ("column", "consultation", "service")
        if is_list and at_home and asked != came_to:
            opened.fails(Outcome.NOT_FOUND, "栏目网址跳转到首页")


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
