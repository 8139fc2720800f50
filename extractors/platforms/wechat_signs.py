"""What all of 微信's answers have in common: signs, codes, whose an article is, what may be opened. Pure."""

import base64
import binascii
import html
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from extractors.outcomes import Outcome
from extractors.platforms.reading import State
from extractors.platforms.signs import Sign, head

HOST = "mp.weixin.qq.com"
SIGNS = (
    Sign(Outcome.CAPTCHA, "环境异常，需要验证", path=r"^/mp/(wappoc_appmsgcaptcha|verify)"),
    Sign(Outcome.CAPTCHA, "环境异常，需要验证", text="环境异常|完成验证后即可继续访问"),
    Sign(
        Outcome.ACCOUNT_GONE,
        "账号已屏蔽、注销或回收",
        text="此[账帐]号已被屏蔽|该[账帐]号已(自主|系统)?注销|已系统注销|[账帐]号已被系统回收",
    ),
    Sign(Outcome.ACCOUNT_GONE, "该公众号已迁移，请更新台账", text="该公众号已迁移"),
    Sign(Outcome.LOGIN_REQUIRED, "只能在微信客户端打开", text="请在微信客户端打开链接"),
    Sign(Outcome.NOT_FOUND, "参数错误或链接已过期", text="参数错误|链接已过期"),
    Sign(Outcome.UNREACHABLE, "该内容暂时无法查看", text="该内容暂时无法查看"),
    # An article that is gone says nothing of the account.
    Sign(Outcome.NOT_FOUND, "文章已被发布者删除", text="该内容已被发布者删除"),
    Sign(Outcome.NOT_FOUND, "文章因违规被移除", text="此内容因违规无法查看"),
    Sign(
        Outcome.LOGIN_REQUIRED,
        "公众平台要求扫码登录",
        host=r"^mp\.weixin\.qq\.com$",
        path=r"^/(cgi-bin/(loginpage|bizlogin|home))?$",
    ),
)
# 微信读书's own codes, and the official API's; a code of neither is one more way to be refused.
ERRORS: Mapping[int, Outcome] = {
    -2010: Outcome.RATE_LIMITED,
    -2012: Outcome.LOGIN_REQUIRED,
    -2041: Outcome.RATE_LIMITED,
    40001: Outcome.LOGIN_REQUIRED,
    40013: Outcome.LOGIN_REQUIRED,
    40014: Outcome.LOGIN_REQUIRED,
    40164: Outcome.LOGIN_REQUIRED,  # this machine's address is not on the owner's list
    42001: Outcome.LOGIN_REQUIRED,
    45009: Outcome.RATE_LIMITED,
    48001: Outcome.LOGIN_REQUIRED,
    53600: Outcome.NOT_FOUND,
}


def refusal(body: Mapping[str, Any]) -> State | None:
    """What ``errcode`` (the official API) or ``errCode`` (微信读书) stands for; ``None`` without one."""
    code = body.get("errcode", body.get("errCode"))
    if not isinstance(code, int) or code == 0:
        return None
    detail = f"errcode {code} {head(body.get('errmsg'), body.get('errMsg'))}".rstrip()
    return ERRORS.get(code, Outcome.SIGNATURE_REJECTED), detail


def link_of(text: Any) -> str:
    """A link as JSON gives it (HTML-escaped or not); empty where it is no http(s) address."""
    link = html.unescape(str(text or ""))
    return link if urlsplit(link).scheme in {"http", "https"} else ""


def article_link(text: Any) -> str:
    """The same, where it leads to an article's public page; https, without its fragment. Else empty."""
    address = urlsplit(link_of(text))
    is_article = address.netloc == HOST and re.fullmatch(r"/s(/[\w-]+)?", address.path)
    return address._replace(scheme="https", fragment="").geturl() if is_article else ""


def biz_of(link: str, uid: str) -> str | None:
    """Whose article ``link`` is; written as ``uid`` where it is the same account."""
    match = re.search(r"[?&]__biz=([^&#]*)", link)
    if match is None:
        return None
    biz = match[1].replace("%3D", "=").replace("%3d", "=").replace("%2B", "+").replace("%2F", "/")
    return as_uid(biz, uid)


def as_uid(biz: str, uid: str) -> str:
    """``biz``, written as ``uid`` where it is the same account."""
    return uid if decimal(biz) == decimal(uid) else biz


def decimal(biz: str) -> str:
    """``__biz`` is the base64 of a number; some write the number itself."""
    if biz.isdigit():
        return biz
    try:
        padded = biz.rstrip("=") + "=" * (-len(biz.rstrip("=")) % 4)
        decoded = base64.b64decode(padded, altchars=b"-_").decode("ascii")
    except (binascii.Error, ValueError):
        return biz
    return decoded if decoded.isdigit() else biz
