"""What one loaded page says about itself: the one place where status and text become an outcome. Pure."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from extractors.outcomes import Outcome
from extractors.websites.identity import Identity, mismatch
from extractors.websites.pages import HtmlPage

# Firewalls' answers; 521 (加速乐) and 412 (瑞数) are challenges that a browser normally passes.
CHALLENGE_STATUS = frozenset({412, 521})
# The scripts of those two, which some sites send with 200 or 202.
_CHALLENGE_SCRIPTS = ("jsl_clearance", "$_ts")
_BLOCKED_STATUS = frozenset({401, 403, 405})
_GONE_STATUS = frozenset({404, 410})
# A page longer than this, or one with the required site meta, is the site's own and may quote these words.
_BLOCK_PAGE_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class Sign:
    """Words that give a page away whatever its status, and what it then is."""

    words: str
    outcome: Outcome
    detail: str


SIGNS = (
    Sign("访问被阻断", Outcome.UNREACHABLE, "防火墙拦截页"),
    Sign("访问被拦截", Outcome.UNREACHABLE, "防火墙拦截页"),
    Sign("可能对网站造成安全威胁", Outcome.UNREACHABLE, "防火墙拦截页"),
    Sign("网站防火墙", Outcome.UNREACHABLE, "防火墙拦截页"),
    Sign("云防护", Outcome.UNREACHABLE, "防火墙拦截页"),
    Sign("创宇盾", Outcome.UNREACHABLE, "防火墙拦截页"),
    Sign("云堤", Outcome.UNREACHABLE, "防火墙拦截页"),
    Sign("请求存在威胁", Outcome.UNREACHABLE, "防火墙拦截页"),
    Sign("访问过于频繁", Outcome.RATE_LIMITED, "提示访问过于频繁"),
    Sign("请输入验证码", Outcome.CAPTCHA, "要求输入验证码"),
    Sign("请完成安全验证", Outcome.CAPTCHA, "要求安全验证"),
    Sign("页面不存在", Outcome.NOT_FOUND, "页面提示不存在"),
    Sign("页面已删除", Outcome.NOT_FOUND, "页面提示已删除"),
    Sign("404 Not Found", Outcome.NOT_FOUND, "页面提示不存在"),
    Sign("网站维护中", Outcome.UNREACHABLE, "网站维护页"),
)


def classify_page(
    status: int,
    final_url: str,
    registered_host: str,
    page: HtmlPage,
    registered: Identity | None = None,
) -> tuple[Outcome, str]:
    """``(outcome, detail)`` of a loaded page; ``ok_complete`` says only that it is the registered site's.

    ``registered`` is whose it must be; None where the page may be another site's. A site that has moved off
    its registered host is no match for its registry entry: the detail then begins with ``moved:``.
    Whether a list can be read from the page is judged afterwards.
    """
    if not same_host(_host(final_url), registered_host):
        return Outcome.IDENTITY_MISMATCH, f"moved: {final_url}"
    if status in _GONE_STATUS:
        return Outcome.NOT_FOUND, f"HTTP {status}"
    if status == 429:
        return Outcome.RATE_LIMITED, "HTTP 429"
    if is_challenge(status, page.html):
        return Outcome.UNREACHABLE, f"HTTP {status}，未通过脚本验证"
    if status in _BLOCKED_STATUS or status >= 400:
        return Outcome.UNREACHABLE, f"HTTP {status}"
    if not page.html.strip():
        return Outcome.UNREACHABLE, f"HTTP {status}，内容为空"
    if (target := page.refresh_url) and not same_host(_host(target), registered_host):
        return Outcome.IDENTITY_MISMATCH, f"moved: {target}"
    if registered and (other := mismatch(page, registered)):
        return Outcome.IDENTITY_MISMATCH, other
    if sign := _block_sign(page):
        return sign.outcome, sign.detail
    return Outcome.OK_COMPLETE, ""


def is_challenge(status: int, html: str) -> bool:
    """Whether this is a script challenge in place of the page."""
    return status in CHALLENGE_STATUS or (
        len(html) < 20_000 and "</a>" not in html and any(mark in html for mark in _CHALLENGE_SCRIPTS)
    )


def same_host(one: str, other: str) -> bool:
    """Whether two host names are one site's; a leading ``www.`` makes no difference."""
    return one.rstrip(".").removeprefix("www.") == other.rstrip(".").removeprefix("www.")


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _block_sign(page: HtmlPage) -> Sign | None:
    if page.site_code or "sitename" in page.meta:
        return None
    text = f"{page.title} {page.visible_text}"
    if len(text) > _BLOCK_PAGE_CHARACTERS:
        return None
    return next((sign for sign in SIGNS if sign.words in text), None)
