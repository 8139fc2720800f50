"""微信公众号: the backend's list of another account's publications (``/cgi-bin/appmsgpublish``). Pure.

The backend belongs to whoever logged in by QR code. Its ``token`` stands in the address it redirects to;
it opens that account, so it is never logged and never kept.
"""

import base64
import binascii
import html
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from extractors.outcomes import Outcome
from extractors.platforms.platform import Paging, Platform, Start
from extractors.platforms.reading import Entry, ListPage, Profile, State, Strangers
from extractors.platforms.signs import NotAList, Sign, at, count, head, read_object
from extractors.platforms.times import epoch
from extractors.records import Post, Seen

HOME = "https://mp.weixin.qq.com/"
_LIST_PATH = "/cgi-bin/appmsgpublish"
_STEP = 5  # messages a page; the backend gives no more
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
RETURNS: Mapping[int, Outcome] = {
    200002: Outcome.NOT_FOUND,  # invalid args: the fakeid in the registry is wrong
    200003: Outcome.LOGIN_REQUIRED,
    200013: Outcome.RATE_LIMITED,
    200040: Outcome.LOGIN_REQUIRED,
    -1: Outcome.LOGIN_REQUIRED,
    -3: Outcome.LOGIN_REQUIRED,
    -4: Outcome.LOGIN_REQUIRED,
    -6: Outcome.RATE_LIMITED,
}
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
_REPRINT = 11  # item_show_type of 转载
_SENT = 2  # sent_result.msg_status
_KINDS: Mapping[int, str] = {5: "video", 7: "audio", 8: "image", 10: "text"}


def _starts(_uid: str, _session_hosts: frozenset[str]) -> tuple[Start, ...]:
    return (Start(HOME, "wechat.backend"),)


def _role_of(url: str, _request_body: str) -> str | None:
    address = urlsplit(url)
    return "list" if address.hostname == "mp.weixin.qq.com" and address.path == _LIST_PATH else None


def token_of(url: str) -> str | None:
    """The backend's token, where ``url`` is a page that a valid login was led to."""
    address = urlsplit(url)
    if address.hostname != "mp.weixin.qq.com":
        return None
    token = parse_qs(address.query).get("token", [""])[0]
    return token if token.isdigit() else None


def list_url(uid: str, begin: int, token: str) -> str:
    """The address of five messages of ``uid`` (its fakeid), from the ``begin``-th on."""
    query = {
        "sub": "list", "sub_action": "list_ex", "search_field": "null", "begin": begin, "count": _STEP,
        "query": "", "fakeid": uid, "type": "101_1", "free_publish_type": 1, "token": token,
        "lang": "zh_CN", "f": "json", "ajax": 1,
    }  # fmt: skip
    return f"https://mp.weixin.qq.com{_LIST_PATH}?{urlencode(query)}"


def next_url(uid: str, pages_seen: int, token: str) -> str:
    """The address of the page after ``pages_seen`` pages."""
    return list_url(uid, pages_seen * _STEP, token)


def list_page(seen: Seen, uid: str) -> ListPage:
    """Three layers of JSON. A missing ``publish_page`` is an error, never the end of the list."""
    try:
        body = read_object(seen, SIGNS, {}, Outcome.LAYOUT_CHANGED)
        page = _publish_page(body)
    except NotAList as other:
        return ListPage(state=other.state)
    asked = parse_qs(urlsplit(seen.url).query)
    begin = count(asked.get("begin", ["0"])[0]) or 0
    total = count(page.get("total_count"))
    entries, doubts = [], []
    for item in page["publish_list"]:
        message = _inner(at(item, "publish_info"))
        if message is None:  # "" — a slot without a message
            continue
        made, doubt = _message(message, seen, uid)
        entries += made
        doubts += doubt
    # A page of empty slots is still a page: the slot is an item that is no post.
    slots = tuple(entries) or ((Entry(None, None),) if page["publish_list"] else ())
    reached = begin + (_STEP if page["publish_list"] else 0)
    return ListPage(
        entries=slots,
        end=total is not None and reached >= total,
        doubts=tuple(dict.fromkeys(doubts)),
        identity=uid if not any(entry.author for entry in entries) and _asked_for(asked, uid) else None,
        total=total,
    )


def refusal(body: Mapping[str, Any]) -> State | None:
    """What ``errcode`` (the official API) or ``errCode`` (微信读书) stands for; ``None`` without one."""
    code = body.get("errcode", body.get("errCode"))
    if not isinstance(code, int) or code == 0:
        return None
    detail = f"errcode {code} {head(body.get('errmsg'), body.get('errMsg'))}".rstrip()
    return ERRORS.get(code, Outcome.SIGNATURE_REJECTED), detail


def _publish_page(body: Mapping[str, Any]) -> dict[str, Any]:
    if (refused := refusal(body)) is not None:
        raise NotAList(refused)
    ret = at(body, "base_resp", "ret")
    if ret != 0:
        outcome = RETURNS.get(ret, Outcome.RATE_LIMITED) if isinstance(ret, int) else Outcome.LAYOUT_CHANGED
        raise NotAList((outcome, f"ret {ret} {head(at(body, 'base_resp', 'err_msg'))}".rstrip()))
    page = _inner(body.get("publish_page"))
    if page is None or not isinstance(page.get("publish_list"), list):
        raise NotAList((Outcome.LAYOUT_CHANGED, "应答中没有 publish_page"))
    return page


def _inner(text: Any) -> dict[str, Any] | None:
    """JSON within JSON. ``None`` where there is none; ``ValueError`` where it is broken."""
    if not text:
        return None
    value = text if isinstance(text, dict) else json.loads(text)
    return value if isinstance(value, dict) else None


def _message(message: Mapping[str, Any], seen: Seen, uid: str) -> tuple[list[Entry], list[str]]:
    """The articles of one message: all were published at its ``sent_info.time``."""
    articles = [article for article in message.get("appmsgex") or [] if isinstance(article, dict)]
    status = at(message, "sent_result", "msg_status")
    if status not in (None, _SENT):
        return [Entry(_biz(article, uid), None) for article in articles], ["有群发的发送状态不明"]
    entries, doubts = [], []
    for article in articles:
        published = epoch(at(message, "sent_info", "time"), "s") or epoch(article.get("create_time"), "s")
        post_id = str(article.get("aid") or "")
        if published is None or not post_id:
            doubts.append("有文章读不出发布时间")
            continue
        if article.get("checking"):
            entries.append(Entry(_biz(article, uid), None))
            continue
        created, updated = epoch(article.get("create_time"), "s"), epoch(article.get("update_time"), "s")
        starts = max(published.at, created.at) if created else published.at
        kind = article.get("item_show_type")
        entries.append(
            Entry(
                _biz(article, uid),
                Post(
                    post_id=post_id,
                    published_at=published.at,
                    published_raw=published.raw,
                    published_rule=published.rule,
                    # Text and picture messages have no title.
                    title=head(article.get("title"), article.get("digest")),
                    url=_link(article),
                    kind=_KINDS.get(kind, "article") if isinstance(kind, int) else "article",
                    is_repost=kind == _REPRINT,
                    # Its slot remains; what nobody can read any more is no publication.
                    is_deleted=bool(article.get("is_deleted") or article.get("ban_flag")),
                    edited_at=updated.at if updated and updated.at > starts else None,
                    evidence_sha256=seen.sha256,
                ),
            )
        )
    return entries, doubts


def _link(article: Mapping[str, Any]) -> str:
    link = html.unescape(str(article.get("link") or ""))
    return link if urlsplit(link).scheme in {"http", "https"} else ""


def _biz(article: Mapping[str, Any], uid: str) -> str | None:
    """Whose article it is, by its link; written as ``uid`` where it is the same account."""
    match = re.search(r"[?&]__biz=([^&#]*)", _link(article))
    if match is None:
        return None
    biz = match[1].replace("%3D", "=").replace("%3d", "=").replace("%2B", "+").replace("%2F", "/")
    return uid if _decimal(biz) == _decimal(uid) else biz


def _decimal(biz: str) -> str:
    """``__biz`` is the base64 of a number; some write the number itself."""
    if biz.isdigit():
        return biz
    try:
        padded = biz.rstrip("=") + "=" * (-len(biz.rstrip("=")) % 4)
        decoded = base64.b64decode(padded, altchars=b"-_").decode("ascii")
    except (binascii.Error, ValueError):
        return biz
    return decoded if decoded.isdigit() else biz


def _asked_for(asked: Mapping[str, list[str]], uid: str) -> bool:
    return _decimal(asked.get("fakeid", [""])[0].replace(" ", "+")) == _decimal(uid)


WECHAT = Platform(
    name="wechat",
    paging=Paging.FETCH,
    strangers=Strangers.LEFT_OUT,
    signs=SIGNS,
    status={},
    starts=_starts,
    role_of=_role_of,
    profile=lambda _seen, _uid: Profile(),
    list_page=list_page,
)
