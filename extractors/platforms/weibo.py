"""微博: ``weibo.com/u/{uid}``, then ``m.weibo.cn/u/{uid}`` (first where the login is for it alone). Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from extractors.outcomes import Outcome
from extractors.platforms.platform import Paging, Platform, Start
from extractors.platforms.reading import Entry, ListPage, Profile, State, Strangers
from extractors.platforms.signs import NotAList, Sign, at, count, head, read_object
from extractors.platforms.times import weibo_time
from extractors.records import Post, Seen

_DESKTOP: Mapping[str, str] = {
    "/ajax/profile/info": "profile",
    "/ajax/statuses/mymblog": "list",
    "/ajax/statuses/searchProfile": "window",
}
_MOBILE_PATH = "/api/container/getIndex"
_MOBILE_LIST = "107603"  # the containers whose name begins so hold the account's own list
SIGNS = (
    # In a real browser the visitor page lets one through by itself, after a while.
    Sign(
        Outcome.LOGIN_REQUIRED,
        "停在访客系统",
        host=r"^(visitor\.passport\.weibo\.cn|passport\.weibo\.(com|cn))$",
        settle=8,
    ),
    Sign(Outcome.LOGIN_REQUIRED, "停在访客系统", title="Sina Visitor System", settle=8),
    Sign(Outcome.LOGIN_REQUIRED, "跳转到登录页", host=r"^login\.sina\.com\.cn$"),
    Sign(Outcome.LOGIN_REQUIRED, "跳转到登录页", title="登录 - (新浪)?微博|新浪通行证"),
    Sign(Outcome.CAPTCHA, "验证码", html=r"geetest_(panel|popup|captcha)"),
    Sign(Outcome.NOT_FOUND, "页面显示用户不存在", text="用户不存在"),
    Sign(Outcome.ACCOUNT_GONE, "页面显示账号已无法查看", text="该账号因.{0,60}(无法查看|被封|封禁)"),
)
STATUS: Mapping[int, Outcome] = dict.fromkeys((403, 414, 418, 429, 432), Outcome.RATE_LIMITED)
ERRORS: Mapping[int, Outcome] = {
    20003: Outcome.NOT_FOUND,
    20101: Outcome.NOT_FOUND,
    20112: Outcome.PRIVATE,
    21301: Outcome.LOGIN_REQUIRED,
    21332: Outcome.LOGIN_REQUIRED,
    21335: Outcome.LOGIN_REQUIRED,  # the official list is open to the account's own authorisation alone
}


def _starts(uid: str, session_hosts: frozenset[str]) -> tuple[Start, ...]:
    on_mobile = any(host.endswith("weibo.cn") for host in session_hosts)
    on_desktop = any(host.endswith("weibo.com") for host in session_hosts)
    desktop = Start(f"https://weibo.com/u/{quote(uid, safe='')}", "weibo.desktop")
    mobile = Start(f"https://m.weibo.cn/u/{quote(uid, safe='')}", "weibo.mobile", anonymous=not on_mobile)
    return (mobile,) if on_mobile and not on_desktop else (desktop, mobile)


def _window_url(uid: str, after: datetime, until: datetime) -> str:
    """The desktop site's own search of one account between two instants: every kind of status."""
    kinds = dict.fromkeys(("hasori", "hasret", "hastext", "haspic", "hasvideo", "hasmusic"), 1)
    span = {"starttime": int(after.timestamp()), "endtime": int(until.timestamp())}
    return (
        f"https://weibo.com/ajax/statuses/searchProfile?{urlencode({'uid': uid, 'page': 1} | span | kinds)}"
    )


def _role_of(url: str, _request_body: str) -> str | None:
    address = urlsplit(url)
    if address.hostname in {"weibo.com", "www.weibo.com"}:
        return _DESKTOP.get(address.path.rstrip("/"))
    if address.hostname == "m.weibo.cn" and address.path.rstrip("/") == _MOBILE_PATH:
        query = parse_qs(address.query)
        container = query.get("containerid", [""])[0]
        if container.startswith(_MOBILE_LIST):
            return "list"
        return "profile" if not container or container.startswith("100505") else None
    return None


def _data(seen: Seen) -> dict[str, Any]:
    """``data`` of a successful answer. Raises :class:`NotAList` for the many other answers."""
    body = read_object(seen, SIGNS, STATUS, Outcome.RATE_LIMITED)
    if (error := _error(body)) is not None:
        raise NotAList(error)
    data = body.get("data")
    if not isinstance(data, dict):
        raise NotAList((Outcome.LAYOUT_CHANGED, "应答中没有 data"))
    if blocked := head(data.get("blockText")):
        raise NotAList((Outcome.ACCOUNT_GONE, blocked))
    return data


def _error(body: Mapping[str, Any]) -> State | None:
    message = head(body.get("msg"), body.get("message"), body.get("error"))
    code = count(body.get("error_code"))
    if code is not None and code in ERRORS:
        return ERRORS[code], f"error_code {code} {message}".rstrip()
    if body.get("ok") == -100:
        return Outcome.LOGIN_REQUIRED, f"ok -100 {message}".rstrip()
    if body.get("ok") == 1:
        return None
    if "data" not in body and body.get("url"):
        return Outcome.CAPTCHA, f"需要人工验证 {message}".rstrip()
    if "没有内容" in message:
        # A wrong uid, a cancelled or restricted account, or a visitor's view: it proves nothing.
        return Outcome.NOT_FOUND, f"平台称“{message}”：标识有误、已注销、受限或未登录，含义不明"
    if "不存在" in message:
        return Outcome.NOT_FOUND, message
    if "ok" not in body and code is None:
        return Outcome.LAYOUT_CHANGED, "应答中没有 ok"
    return Outcome.RATE_LIMITED, f"ok {body.get('ok')} {message}".rstrip()


def profile(seen: Seen, _uid: str) -> Profile:
    """Desktop's ``data.user`` or mobile's ``data.userInfo``: the uid and the counter of statuses."""
    try:
        data = _data(seen)
    except NotAList as other:
        return Profile(state=other.state)
    user = data.get("user") or data.get("userInfo") or {}
    uid = user.get("idstr") or user.get("id")
    return Profile(frozenset({str(uid)} if uid else ()), count(user.get("statuses_count")))


def list_page(seen: Seen, uid: str) -> ListPage:
    """Desktop's ``data.list`` or mobile's ``data.cards``, each with its own cursor and end."""
    try:
        data = _data(seen)
    except NotAList as other:
        return ListPage(state=other.state)
    if isinstance(data.get("list"), list):
        statuses, pinned_cards = [item for item in data["list"] if isinstance(item, dict)], frozenset[int]()
        end = "since_id" in data and data["since_id"] in ("", 0, None)
        total = data.get("total")
    elif isinstance(data.get("cards"), list):
        cards = list(_cards(data["cards"]))
        statuses = [card["mblog"] for card in cards]
        pinned_cards = frozenset(
            id(card["mblog"])
            for card in cards
            if str(card.get("profile_type_id") or "").startswith("proweibotop_")
        )
        info = data.get("cardlistInfo")
        end, total = isinstance(info, dict) and not info.get("since_id"), at(info, "total")
    else:
        return ListPage(state=(Outcome.LAYOUT_CHANGED, "应答中没有 list 或 cards"))
    entries, doubts = [], []
    for status in statuses:
        public = at(status, "visible", "type") in (None, 0)
        post = _post(status, seen, uid, pinned=id(status) in pinned_cards) if public else None
        if public and post is None:
            doubts = ["有微博读不出发布时间"]
        entries.append(Entry(_author(status), post))
    if data.get("bottom_tips_visible") is True:
        doubts.append(f"未登录视图：{head(data.get('bottom_tips_text')) or '可能缺微博'}")
    return ListPage(entries=tuple(entries), end=end, doubts=tuple(doubts), total=count(total))


def _cards(cards: list[Any]) -> Iterator[dict[str, Any]]:
    """The cards that hold a status, groups opened; advertisements and suggestions hold none."""
    for card in cards:
        if isinstance(at(card, "mblog"), dict):
            yield card
        elif isinstance(at(card, "card_group"), list):
            yield from _cards(card["card_group"])


def _author(status: Mapping[str, Any]) -> str | None:
    uid = at(status.get("user"), "idstr") or at(status.get("user"), "id")
    return str(uid) if uid else None


def _post(status: Mapping[str, Any], seen: Seen, uid: str, *, pinned: bool) -> Post | None:
    post_id = str(status.get("id") or status.get("idstr") or "")
    published = weibo_time(status.get("created_at"), seen.server_date)
    if published is None or not post_id:
        return None
    edited = weibo_time(status.get("edit_at"), seen.server_date) if count(status.get("edit_count")) else None
    short = str(status.get("mblogid") or status.get("bid") or post_id)
    mobile = "mblogid" not in status and "bid" in status
    place = "https://m.weibo.cn/status" if mobile else f"https://weibo.com/{_author(status) or uid}"
    return Post(
        post_id=post_id,
        published_at=published.at,
        published_raw=published.raw,
        published_rule=published.rule,
        title=head(status.get("text_raw"), re.sub(r"<[^>]*>", "", str(status.get("text") or ""))),
        url=f"{place}/{quote(short, safe='')}",
        # 快转 (ori_mid) looks like an own post and is another's: a repost of its own kind.
        kind="quick_repost" if status.get("ori_mid") else "microblog",
        is_pinned=pinned
        or status.get("isTop") == 1
        or status.get("mblogtype") == 2
        or at(status, "title", "text") == "置顶",
        is_repost="retweeted_status" in status or bool(status.get("ori_mid")),
        edited_at=edited.at if edited else None,
        evidence_sha256=seen.sha256,
    )


def _document_doubt(document: Seen) -> str:
    """A login state may have run out without a word: the page's own configuration still says so."""
    logged_out = re.search(rb"""\b(is)?login["']?\s*[:=]\s*["']?(0|false)\b""", document.body)
    return "登录状态已失效，按访客显示" if logged_out else ""


WEIBO = Platform(
    name="weibo",
    paging=Paging.SCROLL_WINDOW,
    strangers=Strangers.REPOSTS,
    signs=SIGNS,
    status=STATUS,
    starts=_starts,
    role_of=_role_of,
    profile=profile,
    list_page=list_page,
    visitor_doubt="未登录：访客看不到全部微博",
    document_doubt=_document_doubt,
    window_url=_window_url,
)
