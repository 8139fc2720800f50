"""Rows of lists: a link, its title and the day printed beside it. What every list reader shares."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from selectolax.lexbor import LexborNode

from extractors.websites.dates import (
    ClaimedDay,
    day_at_end,
    day_from_url,
    day_within,
    is_month_of_year,
    leaf_day,
    whole_day,
    years_walked,
)
from extractors.websites.pages import HtmlPage, squeeze, text_nodes

TITLE_CHARACTERS = 80
_MIN_TITLE = 3  # "更多", "首页", page numbers are no headlines
_MAX_PROSE = 40  # a longer text beside a link is a summary, and the days in it are those of events
_ROW_TAGS = frozenset({"li", "tr", "dd", "dl", "a"})
_CHROME_TAGS = frozenset({"nav", "footer", "header"})
_CHROME_WORDS = frozenset({"nav", "navbar", "navigation", "menu", "footer", "foot", "header", "copyright"})
_CLOCK_WORDS = ("今天", "今日", "现在", "当前", "星期")  # "今天是2021年4月1日" is the visitor's day


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``day`` is None where the list prints none and the address holds none.

    ``at`` (aware UTC) only where the list's own data tell the instant of publication.
    """

    url: str
    title: str
    day: ClaimedDay | None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a column's list. No rows means that the list is there and empty.

    ``is_last`` says that the page itself shows that nothing follows; ``next_url`` is the page after it.
    """

    reader: str
    rows: tuple[Row, ...]
    next_url: str | None
    is_last: bool


@dataclass(frozen=True, slots=True)
class ListAt:
    """The page is only the frame of a list: the list itself is the data at ``url``, for the same reader."""

    reader: str
    url: str


class ListReader(Protocol):
    """How one content management system writes its lists. An adapter per system, in ``cms/``.

    A reader sees one page (or one answer with data) at a time and is pure: the same bytes give the same rows,
    today and when the evidence is read again. It reads what the *list* says and opens no article; what an
    article says of itself is :func:`extractors.websites.pages.article_time`'s and its kin's business.
    """

    name: str

    def recognises(self, page: HtmlPage) -> bool:
        """Whether the page was made by this system."""
        ...

    def read(self, page: HtmlPage, now: datetime) -> ListPage | ListAt | None:
        """Read the list; None where the page has no list node of this system's kind.

        ``now`` is the response's own ``Date`` (aware); days printed without a year are counted from it.
        """
        ...


def row_in(page: HtmlPage, node: LexborNode, now: datetime) -> Row | None:
    """``node`` (a list's child) as a row; None where it holds no link to anywhere.

    Of several links the one with the longest title is the article's: others lead to its column or organ.
    """
    links: list[tuple[str, str]] = []
    for anchor in [node] if node.tag == "a" else node.css("a[href]"):
        url = page.absolute(anchor.attributes.get("href"))
        title = squeeze(anchor.attributes.get("title") or "") or _link_text(anchor, now)
        if url and title:
            links.append((title, url))
    if not links:
        return None
    title, url = max(links, key=lambda link: len(link[0]))
    return Row(url, title[:TITLE_CHARACTERS], _day_in(node, now) or day_from_url(url))


def link_title(anchor: LexborNode) -> str:
    """What a link calls itself: its ``title``, else its text; at most 80 characters."""
    text = squeeze(anchor.attributes.get("title") or "") or squeeze(
        " ".join(part.text(deep=False) for part in text_nodes(anchor))
    )
    return text[:TITLE_CHARACTERS]


def distinct(rows: Iterator[Row]) -> tuple[Row, ...]:
    """Each address once: the first row that leads there, or the first of them that has a day."""
    by_url: dict[str, Row] = {}
    for row in rows:
        known = by_url.get(row.url)
        if known is None or (known.day is None and row.day is not None):
            by_url[row.url] = row
    return tuple(by_url.values())


def with_years(rows: tuple[Row, ...], above: Sequence[date] = ()) -> tuple[Row, ...]:
    """A list's rows with the years that its order tells; ``above``: the days of its earlier pages."""
    days = years_walked([row.day for row in rows], above)
    return tuple(replace(row, day=day) for row, day in zip(rows, days, strict=True))


def dated_rows(page: HtmlPage, now: datetime) -> list[tuple[LexborNode, Row]]:
    """Every dated row anywhere on the page but in its navigation and footer, with its node."""
    if page.tree.body is None:
        return []
    nodes: dict[int, LexborNode] = {}
    for text in text_nodes(page.tree.body):
        if node := _row_around(text, now):
            nodes.setdefault(node.mem_id, node)
    for anchor in page.tree.body.css("a[href]"):  # lists that print no day, with the day in the address
        if day_from_url(page.absolute(anchor.attributes.get("href")) or ""):
            node = _climb(anchor) or anchor
            nodes.setdefault(node.mem_id, node)
    found = []
    for node in nodes.values():
        row = row_in(page, node, now)
        if row and row.day and len(row.title) >= _MIN_TITLE and not in_chrome(node):
            found.append((node, row))
    return found


def in_chrome(node: LexborNode) -> bool:
    """Whether ``node`` stands in what surrounds every page of a site: navigation, header, footer."""
    around: LexborNode | None = node
    while around is not None and around.tag not in ("body", "html"):
        if around.tag in _CHROME_TAGS or not _CHROME_WORDS.isdisjoint(name_words(around)):
            return True
        around = around.parent
    return False


def name_words(node: LexborNode) -> set[str]:
    """The words that a node's class and id are made of: ``news-list box`` → news, list, box."""
    names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".lower()
    return set(names.replace("-", " ").replace("_", " ").split())


def _row_around(text: LexborNode, now: datetime) -> LexborNode | None:
    """The row whose day ``text`` is."""
    printed = text.text(deep=False)
    if any(word in printed for word in _CLOCK_WORDS):
        return None
    alone = whole_day(printed, now) is not None or is_month_of_year(printed)
    if not alone and day_within(printed) is None:
        return None
    node = _climb(text)
    # Outside a list's own tags only a text that is nothing but a day may make a row.
    return node if node is not None and (alone or node.tag in _ROW_TAGS) else None


def _climb(start: LexborNode) -> LexborNode | None:
    """The nearest node around ``start`` that holds one link (or a few to one place), within five levels."""
    node: LexborNode | None = start.parent if start.is_text_node else start
    for _ in range(5):
        if node is None or node.tag in ("body", "html"):
            return None
        if node.tag == "a" and node.attributes.get("href"):
            parent = node.parent
            return parent if parent is not None and parent.tag in _ROW_TAGS else node
        targets = {anchor.attributes.get("href") for anchor in node.css("a[href]")}
        if targets:
            return node if len(targets) <= 2 else None
        node = node.parent
    return None


def _day_in(node: LexborNode, now: datetime) -> ClaimedDay | None:
    """The day of a row: a calendar leaf, a text that is nothing but a day, else one in a short text beside
    the link, else the day that the link's own text ends with. Days inside a title are never taken."""
    if leaf := leaf_day([text.text(deep=False) for text in text_nodes(node)]):
        return leaf
    beside: ClaimedDay | None = None
    at_end: ClaimedDay | None = None
    for text in text_nodes(node):
        printed = text.text(deep=False)
        if alone := whole_day(printed, now):
            return alone
        if _inside_link(text):
            at_end = at_end or day_at_end(printed)
        elif len(printed.strip()) <= _MAX_PROSE:
            beside = beside or day_within(printed)
    return beside or at_end


def _inside_link(node: LexborNode) -> bool:
    around = node.parent
    while around is not None:
        if around.tag == "a":
            return True
        around = around.parent
    return False


def _link_text(anchor: LexborNode, now: datetime) -> str:
    parts = (text.text(deep=False) for text in text_nodes(anchor))
    return squeeze(" ".join(part for part in parts if whole_day(part, now) is None))
