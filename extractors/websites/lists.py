"""Reading a column's list and a home page: pure functions from a page to rows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from posixpath import dirname
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from extractors.websites.cms import ADAPTERS
from extractors.websites.pages import HtmlPage
from extractors.websites.paging import next_link
from extractors.websites.rows import (
    ListAt,
    ListPage,
    Row,
    dated_rows,
    distinct,
    in_chrome,
    link_title,
    name_words,
    row_in,
    with_years,
)

# Fewer dated rows than this under one parent are a coincidence, not a list; a home page with fewer in all
# has no dated list: it only leads to its columns.
MIN_ROWS = 3
# "政策文件", "市场监督管理局" lead on; a headline says what happened.
_MIN_HEADLINE = 9
_LIST_WORDS = frozenset({"list", "newslist", "list1", "lists"})
_BESIDE_WORDS = frozenset({"side", "sidebar", "aside", "hot", "recommend", "related", "rank", "friend"})


def read_list(page: HtmlPage, now: datetime, above: Sequence[date] = ()) -> ListPage | ListAt | None:
    """The column's list on ``page``; None where there is no list node (not the same as an empty list).

    ``now`` is the response's own ``Date`` (aware); ``above`` are the days of the list's earlier pages.
    """
    listed = _read(page, now, 1 if above else MIN_ROWS)
    return replace(listed, rows=with_years(listed.rows, above)) if isinstance(listed, ListPage) else listed


def _read(page: HtmlPage, now: datetime, least: int) -> ListPage | ListAt | None:
    for adapter in ADAPTERS:
        if adapter.recognises(page):
            # Where articles lie below their column, another list on the page is not this column's.
            return adapter.read(page, now) or _any_list(page, now, least, below_column=True)
    return _any_list(page, now, least, below_column=False)


def read_home(page: HtmlPage, now: datetime) -> tuple[Row, ...]:
    """All dated rows of a home page but its navigation and footer, each address once."""
    return distinct(row for _, row in dated_rows(page, now))


def read_headlines(page: HtmlPage) -> tuple[Row, ...]:
    """A home page's headlines that show no day: links of blocks like lists of articles, each address once.

    Short names, and addresses of folders and indexes, are ways in to columns and no headlines.
    """
    found: list[Row] = []
    for block in page.tree.css("ul, dl, tbody"):
        if in_chrome(block) or _beside(block):
            continue
        rows = [
            Row(url, title, None)
            for anchor in block.css("a[href]")
            if (url := page.absolute(anchor.attributes.get("href")))
            and len(title := link_title(anchor)) >= _MIN_HEADLINE
            and _is_article(url)
        ]
        found += rows if len(rows) >= MIN_ROWS else []
    return distinct(iter(found))


def _is_article(url: str) -> bool:
    parts = urlsplit(url)
    name = parts.path.rpartition("/")[2]
    return bool(name) and not name.lower().startswith(("index", "list", "node", "col", "default"))


def _any_list(page: HtmlPage, now: datetime, least: int, *, below_column: bool) -> ListPage | None:
    """The list of an unknown system: most dated rows under one parent, else a node that is named a list.

    ``least``: so many rows make a list; of a list's later pages the last may hold a single one.
    """
    folder = _folder(page.url)
    blocks: dict[int, list[Row]] = defaultdict(list)
    for node, row in dated_rows(page, now):
        if node.parent is not None and not _beside(node):
            blocks[node.parent.mem_id].append(row)
    lists = [distinct(iter(rows)) for rows in blocks.values() if len(rows) >= least]
    if below_column:
        lists = [rows for rows in lists if _below(rows, folder) * 2 > len(rows)]
    rows = max(lists, key=lambda rows: (_below(rows, folder), len(rows)), default=None)
    if rows is None and not below_column:
        rows = _named_list(page, now)
    return None if rows is None else ListPage("generic", rows, *next_link(page))


def _named_list(page: HtmlPage, now: datetime) -> tuple[Row, ...] | None:
    """Rows of the first ``ul`` that calls itself (or that its parent calls) a list; perhaps none."""
    for node in page.tree.css("ul"):
        parent = node.parent
        words = name_words(node) | (name_words(parent) if parent is not None else set())
        if words & _LIST_WORDS and not in_chrome(node) and not _beside(node):
            return distinct(row for li in node.css("li") if (row := row_in(page, li, now)))
    return None


def _beside(node: LexborNode) -> bool:
    around: LexborNode | None = node
    while around is not None and around.tag not in ("body", "html"):
        if around.tag == "aside" or name_words(around) & _BESIDE_WORDS:
            return True
        around = around.parent
    return False


def _folder(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{dirname(parts.path)}/".replace("//", "/")


def _below(rows: tuple[Row, ...], folder: str) -> int:
    return sum(_folder(row.url).startswith(folder) for row in rows)
