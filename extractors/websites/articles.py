"""What an article says of itself: title, time of issue, the document's own date, the text. Pure.

W1 (国办秘函〔2019〕19号, 弄虚作假) is suspected by comparing these with what the list says. All days are days
in Asia/Shanghai.
"""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from selectolax.lexbor import LexborNode

from extractors.records import SiteItem
from extractors.websites.dates import ClaimedTime, day_within
from extractors.websites.pages import HtmlPage, article_time, squeeze, text_nodes
from extractors.websites.rows import in_chrome

# Where the common systems (NFCMS, TRS, hanweb, 开普) put an article's text.
_TEXT_NODES = (
    ".nfw-cms-content", ".TRS_Editor", ".trs_editor_view", ".TRS_UEDITOR", "#zoom", ".article-content",
    ".article_content", ".news_content", ".pages_content",
)  # fmt: skip
_DOCUMENT_DATE = "成文日期"
# A shorter text (a caption, "详见附件") is said alike by many articles and is no sign of anything.
_SHORTEST_TEXT = 60
_SIGNATURE_NODES = 3
_MOST_UNDATED = 10
_DIGITS = {"〇": 0, "○": 0, "零": 0} | {zh: n for n, zh in enumerate("一二三四五六七八九", start=1)}


@dataclass(frozen=True, slots=True)
class Article:
    """``document_day`` is the document's 成文日期, or the day it is signed with; ``text_sha256`` is of the
    text alone, without blanks, punctuation and dates, and None where that is too short to tell anything."""

    title: str | None
    published: ClaimedTime | None
    document_day: date | None
    text_sha256: str | None


def read_article(page: HtmlPage) -> Article:
    """Read one article's page."""
    content = _content(page)
    return Article(
        article_title(page),
        article_time(page),
        _labelled_day(page) or (_signed_day(content) if content is not None else None),
        _digest(content) if content is not None else None,
    )


def article_title(page: HtmlPage) -> str | None:
    """The article's own title: its ``ArticleTitle``, else a heading that is not the site's name."""
    if printed := page.meta.get("articletitle"):
        return squeeze(printed)
    headings = (squeeze(node.text()) for node in page.tree.css("h1") if not in_chrome(node))
    return next((text for text in headings if text and text != page.meta.get("sitename")), None)


def articles_to_open(items: Sequence[SiteItem], most: int, seed: str) -> list[int]:
    """Which of a column's rows to open: those without a date, and ``most`` drawn from the newest.

    The draw depends on ``seed`` and the address alone, so that every visit of a period opens the same ones
    while they are among the newest, and can tell whether they changed. Rows already opened are left out.
    """
    unread = [(i, item) for i, item in enumerate(items) if item.article_sha256 is None]
    undated = [i for i, item in unread if item.claimed_date is None][:_MOST_UNDATED]
    dated = [(i, item) for i, item in unread if item.claimed_date is not None]
    newest = sorted(dated, key=lambda pair: pair[1].claimed_date or date.min, reverse=True)[: 3 * most]
    drawn = sorted(newest, key=lambda pair: hashlib.sha256(f"{seed}\n{pair[1].url}".encode()).digest())
    opened = sum(item.article_sha256 is not None and item.claimed_date is not None for item in items)
    return undated + [i for i, _ in drawn[: max(0, most - opened)]]


def _content(page: HtmlPage) -> LexborNode | None:
    """The node of the article's text: by the name that its system gives it, else with the longest text."""
    for selector in _TEXT_NODES:
        if (node := page.tree.css_first(selector)) is not None:
            return node
    around: dict[int, tuple[int, LexborNode]] = {}
    for paragraph in page.tree.css("p"):
        if (parent := paragraph.parent) is not None and not in_chrome(parent):
            length, _ = around.get(parent.mem_id, (0, parent))
            around[parent.mem_id] = (length + len(squeeze(paragraph.text())), parent)
    return max(around.values(), key=lambda pair: pair[0])[1] if around else None


def _labelled_day(page: HtmlPage) -> date | None:
    """The 成文日期 of the table that heads a document (文件头)."""
    if page.tree.body is None:
        return None
    texts = (node.text(deep=False) for node in text_nodes(page.tree.body))
    for text in texts:
        if _DOCUMENT_DATE in "".join(text.split()):
            after = "".join(text.split()).partition(_DOCUMENT_DATE)[2]
            claimed = day_within(with_digits(" ".join([after, *islice(texts, 2)])))
            return claimed.day if claimed else None
    return None


def _signed_day(content: LexborNode) -> date | None:
    """The day that stands alone below the text (落款)."""
    last = [node.text(deep=False) for node in text_nodes(content)][-_SIGNATURE_NODES:]
    return next((day for text in reversed(last) if (day := _day_alone(text))), None)


def _digest(content: LexborNode) -> str | None:
    texts = (node.text(deep=False) for node in text_nodes(content))
    whole = "".join(text for text in texts if _day_alone(text) is None)
    bare = "".join(c for c in unicodedata.normalize("NFKC", whole).lower() if c.isalnum())
    return hashlib.sha256(bare.encode()).hexdigest() if len(bare) >= _SHORTEST_TEXT else None


def _day_alone(text: str) -> date | None:
    bare = with_digits("".join(text.split()))
    claimed = day_within(bare)
    return claimed.day if claimed is not None and claimed.raw == bare else None


def with_digits(text: str) -> str:
    """``二〇二一年三月三十一日`` as ``2021年3月31日``: documents sign with Chinese numerals."""
    out: list[str] = []
    run = ""
    for character in f"{text}\n":
        if character in _DIGITS or character == "十":
            run += character
            continue
        out += [_number(run) if character in "年月日" else run, character]
        run = ""
    return "".join(out).removesuffix("\n")


def _number(run: str) -> str:
    tens, ten, ones = run.partition("十")
    if not ten:
        return "".join(str(_DIGITS[c]) for c in run)
    if len(tens) > 1 or len(ones) > 1 or ones == "十":
        return run
    return str((_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0))
