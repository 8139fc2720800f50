"""Stand-ins of what an office would otherwise reach for, measured on the same sites by ``deploy.site_bench``.

They are *approaches*, in a few lines each, not the products: a fetch-and-diff watcher (plain GET, text of
the page, "changed" or not, as changedetection.io does without its browser), and a spider (plain GET, CSS
selectors for dated rows, the link "下一页", as a first Scrapy spider would be written). Neither runs scripts.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urljoin

import httpx
from selectolax.lexbor import LexborHTMLParser

_DAY = re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})")
_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.I)
_MOST_PAGES = 40


@dataclass(slots=True)
class Spidered:
    """What the spider brings of one column: address → day; ``trouble`` where a request failed."""

    items: dict[str, date] = field(default_factory=dict)
    trouble: str = ""

    @property
    def verdict(self) -> str:
        if self.trouble:
            return f"报错（{self.trouble}）"
        return "有条目" if self.items else "没有条目（当作空白或未更新）"


def client(proxy: str) -> httpx.Client:
    return httpx.Client(proxy=proxy, verify=False, follow_redirects=True, timeout=5)  # noqa: S501 — loopback


def spider(http: httpx.Client, url: str) -> Spidered:
    """Dated rows of a list, page after page."""
    found, page_url = Spidered(), url
    for _ in range(_MOST_PAGES):
        try:
            answer = http.get(page_url)
            answer.raise_for_status()
        except httpx.HTTPStatusError as error:
            found.trouble = f"HTTP {error.response.status_code}"
            return found
        except httpx.HTTPError as error:
            found.trouble = type(error).__name__
            return found
        page = LexborHTMLParser(_text(answer))
        for row in page.css("li, tr"):
            link = row.css_first("a[href]")
            day = _DAY.search(row.text())
            if link is not None and day is not None:
                address = urljoin(str(answer.url), link.attributes.get("href") or "")
                found.items.setdefault(address, date(*map(int, day.groups())))
        following = next((a for a in page.css("a[href]") if a.text().strip() == "下一页"), None)
        href = (following.attributes.get("href") or "") if following is not None else ""
        if not href or href.startswith("javascript:"):
            return found
        page_url = urljoin(str(answer.url), href)
    return found


def snapshot(http: httpx.Client, url: str) -> str:
    """The visible text of a page, for comparing with its text of another day; whatever the status, as
    watchers do unless they are told otherwise. An empty text where nothing came."""
    try:
        body = LexborHTMLParser(_text(http.get(url))).body
    except httpx.HTTPError:
        return ""
    if body is not None:
        body.strip_tags(["script", "style"])
    return " ".join(body.text(separator=" ").split()) if body is not None else ""


def _text(answer: httpx.Response) -> str:
    """By the header's charset, else the page's: what crawlers' libraries do."""
    declared = answer.charset_encoding
    if declared is None and (meta := _CHARSET.search(answer.content[:2048])):
        declared = meta[1].decode("ascii")
    try:
        return answer.content.decode(declared or "utf-8", errors="replace")
    except LookupError:
        return answer.content.decode("utf-8", errors="replace")
