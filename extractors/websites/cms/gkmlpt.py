"""gkmlpt, the disclosure platform (政府信息公开平台) of Guangdong: a frame with a tree, and its JSON.

``/gkmlpt/index#5001`` is the frame, the same for every column; ``window._CONFIG`` in it holds the site's
number and the tree. ``/gkmlpt/api/all/5001?page=1&sid=…`` is that column's list, a hundred to a page.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from extractors.periods import SHANGHAI
from extractors.websites.dates import ClaimedDay
from extractors.websites.literals import object_after
from extractors.websites.pages import HtmlPage, squeeze
from extractors.websites.rows import TITLE_CHARACTERS, ListAt, ListPage, Row

_API = "/gkmlpt/api/all/"
_PER_PAGE = 100
_WHOLE_SITE = 0


@dataclass(frozen=True, slots=True)
class Node:
    """A column in the platform's tree. ``jump_url`` is set where the column lives elsewhere."""

    number: int
    name: str
    jump_url: str
    post_count: int
    depth: int


class Gkmlpt:
    name = "gkmlpt"

    def recognises(self, page: HtmlPage) -> bool:
        path = urlsplit(page.url).path
        return _API in path or ("/gkmlpt/" in path and "_CONFIG" in page.scripts)

    def read(self, page: HtmlPage, now: datetime) -> ListPage | ListAt | None:  # noqa: ARG002 — full instants
        if _API in urlsplit(page.url).path:
            return self._articles(page)
        config = object_after(page.scripts, "_CONFIG")
        if config is None or not config.get("SID"):
            return None
        fragment = urlsplit(page.url).fragment
        number = int(fragment) if fragment.isdecimal() else _WHOLE_SITE
        return ListAt(self.name, page_url(page.url, number, str(config["SID"]), 1))

    def _articles(self, page: HtmlPage) -> ListPage | None:
        try:
            answer = json.loads(page.html)
            articles, total = answer["articles"], int(answer["total"])
            rows = tuple(_row(page, one) for one in articles)
        except (ValueError, TypeError, KeyError, OverflowError, OSError):
            return None
        parts = urlsplit(page.url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        asked = query.get("page", "1")
        number = int(asked) if asked.isdecimal() else 1
        is_last = not rows or (max(number, 1) - 1) * _PER_PAGE + len(rows) >= total
        following = f"{parts.path}?{urlencode(query | {'page': str(max(number, 1) + 1)})}"
        return ListPage(self.name, rows, None if is_last else page.absolute(following), is_last)


def page_url(frame: str, number: int, sid: str, page: int) -> str:
    """Where the platform of ``frame`` lists column ``number`` (0: the whole site)."""
    parts = urlsplit(frame)
    prefix = parts.path.partition("/gkmlpt/")[0]
    return f"{parts.scheme}://{parts.netloc}{prefix}{_API}{number}?{urlencode({'page': page, 'sid': sid})}"


def tree(page: HtmlPage) -> tuple[Node, ...]:
    """The platform's columns in the order of its tree; empty where the page is no frame of it."""
    config = object_after(page.scripts, "_CONFIG") or {}
    return tuple(_nodes(config.get("TREE"), 1))


def _nodes(branches: Any, depth: int) -> Iterator[Node]:
    for branch in branches if isinstance(branches, list) else []:
        if isinstance(branch, dict) and isinstance(branch.get("id"), int):
            count = branch.get("post_count")
            yield Node(
                branch["id"],
                squeeze(str(branch.get("name") or "")),
                str(branch.get("jump_url") or ""),
                count if isinstance(count, int) else 0,
                depth,
            )
            yield from _nodes(branch.get("children"), depth + 1)


def _row(page: HtmlPage, article: dict[str, Any]) -> Row:
    """``first_publish_time`` is when it came out. ``display_publish_time`` can be edited, and ``date`` is the
    day of signing: neither says when the column was updated."""
    seconds = int(article["first_publish_time"])
    at = datetime.fromtimestamp(seconds, UTC)
    url = page.absolute(str(article.get("url") or article.get("post_url") or ""))
    if url is None:
        raise ValueError("an article without an address")
    day = ClaimedDay(at.astimezone(SHANGHAI).date(), str(seconds), "gkmlpt_first_publish")
    return Row(url, squeeze(str(article.get("title") or ""))[:TITLE_CHARACTERS], day, at)
