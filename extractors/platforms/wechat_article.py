"""One article of a 公众号 (``mp.weixin.qq.com/s…``): its exact publish time, or why it is not seen. Pure."""

import re
from dataclasses import dataclass

from extractors.outcomes import Outcome
from extractors.platforms.reading import State
from extractors.platforms.signs import document_sign
from extractors.platforms.times import Moment, epoch
from extractors.platforms.wechat import SIGNS
from extractors.records import Seen

# ``var ct = "1617100200"`` on the older page, ``ct: '1617100200'`` within window.cgiDataNew on the newer one.
_CT = re.compile(r"""\bct\s*[=:]\s*["']?(\d{10})\b""")
_MID = re.compile(r"""\bmid\s*[=:]\s*["']?(\d{6,})\b""")
_IDX = re.compile(r"""\bidx\s*[=:]\s*["']?(\d)\b""")
_BIZ = re.compile(r"""\bbiz\s*[=:]\s*["']([A-Za-z0-9+/=_-]+)["']""")


@dataclass(frozen=True, slots=True)
class Article:
    """``state`` is set where the page is no readable article. ``post_id`` is ``{mid}_{idx}``, as in lists."""

    state: State | None = None
    published: Moment | None = None
    post_id: str = ""
    biz: str = ""


def read_article(seen: Seen) -> Article:
    """What an article's page says. :data:`wechat.SIGNS` tell deleted, removed, captcha, moved … apart."""
    html = seen.body.decode("utf-8", "replace")
    ct, mid, idx, biz = (_found(pattern, html) for pattern in (_CT, _MID, _IDX, _BIZ))
    published = epoch(ct, "s")
    if published is not None and mid and "js_content" in html:
        moment = Moment(published.at, published.raw, "wechat_ct")
        return Article(None, moment, f"{mid}_{idx or 1}", biz)
    sign = document_sign(SIGNS, {}, seen)
    return Article((sign.outcome, sign.detail) if sign else (Outcome.LAYOUT_CHANGED, "文章页读不出发布时间"))


def _found(pattern: re.Pattern[str], html: str) -> str:
    match = pattern.search(html)
    return match[1] if match else ""
