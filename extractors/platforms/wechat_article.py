"""One article of a 公众号 (``mp.weixin.qq.com/s…``): its exact publish time, or why it is not seen. Pure.

As a way to an account it is a list of one item, which can only prove *updated*.
"""

import html
import re
from dataclasses import dataclass

from extractors.outcomes import Outcome
from extractors.platforms.platform import Start
from extractors.platforms.reading import Entry, ListPage, State
from extractors.platforms.signs import document_sign, head
from extractors.platforms.times import Moment, epoch
from extractors.platforms.wechat_signs import SIGNS, article_link, as_uid
from extractors.records import Post, Seen

DOUBT = "单篇文章页，只能证明已更新"

# ``var ct = "1617100200"`` on the older page, ``ct: '1617100200'`` within window.cgiDataNew on the newer one.
_CT = re.compile(r"""\bct\s*[=:]\s*["']?(\d{10})\b""")
_MID = re.compile(r"""\bmid\s*[=:]\s*["']?(\d{6,})\b""")
_IDX = re.compile(r"""\bidx\s*[=:]\s*["']?(\d)\b""")
_TITLE = re.compile(r"""<meta\s+property="og:title"\s+content="([^"]*)\"""")
_BIZ = re.compile(r"""\bbiz\s*[=:]\s*["']([A-Za-z0-9+/=_-]+)["']""")


def article_start(link: str) -> Start:
    """The way to the page at ``link``. It is open to anybody, and is gone without the operator's login."""
    return Start(link, "wechat.article", anonymous=True)


@dataclass(frozen=True, slots=True)
class Article:
    """``state`` is set where the page is no readable article. ``post_id`` is ``{mid}_{idx}``, as in lists."""

    state: State | None = None
    published: Moment | None = None
    post_id: str = ""
    biz: str = ""
    title: str = ""


def read_article(seen: Seen) -> Article:
    """What an article's page says. :data:`SIGNS` tell deleted, removed, captcha, moved … apart."""
    page = seen.body.decode("utf-8", "replace")
    ct, mid, idx, biz = (_found(pattern, page) for pattern in (_CT, _MID, _IDX, _BIZ))
    published = epoch(ct, "s")
    if published is not None and mid and "js_content" in page:
        moment = Moment(published.at, published.raw, "wechat_ct")
        return Article(None, moment, f"{mid}_{idx or 1}", biz, head(html.unescape(_found(_TITLE, page))))
    sign = document_sign(SIGNS, {}, seen)
    return Article((sign.outcome, sign.detail) if sign else (Outcome.LAYOUT_CHANGED, "文章页读不出发布时间"))


def list_page(seen: Seen, uid: str) -> ListPage:
    """The article as a list of one. Whose it is stands on it; the page of a stranger proves nothing."""
    article = read_article(seen)
    if article.published is None:
        return ListPage(state=article.state)
    post = Post(
        post_id=article.post_id,
        published_at=article.published.at,
        published_raw=article.published.raw,
        published_rule=article.published.rule,
        title=article.title,
        url=article_link(seen.url),
        kind="article",
        evidence_sha256=seen.sha256,
    )
    return ListPage(entries=(Entry(as_uid(article.biz, uid), post),), doubts=(DOUBT,))


def _found(pattern: re.Pattern[str], page: str) -> str:
    match = pattern.search(page)
    return match[1] if match else ""
