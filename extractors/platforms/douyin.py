"""抖音: the page at ``www.douyin.com/user/{sec_uid}`` asks for its profile and its list. Pure."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from extractors.outcomes import Outcome
from extractors.platforms.platform import Paging, Platform, Start
from extractors.platforms.reading import Entry, ListPage, Profile, State, Strangers
from extractors.platforms.signs import NotAList, Sign, at, count, head, read_object
from extractors.platforms.times import epoch
from extractors.records import Post, Seen

_ROLES: Mapping[str, str] = {
    "/aweme/v1/web/user/profile/other": "profile",
    "/aweme/v1/web/aweme/post": "list",
}
SIGNS = (
    Sign(Outcome.CAPTCHA, "验证码中间页", title="验证码中间页"),
    Sign(Outcome.CAPTCHA, "验证码", html=r"id=[\"'](captcha_container|captcha-verify-image)[\"']"),
    Sign(Outcome.CAPTCHA, "验证码", text="请完成下列验证后继续"),
    Sign(Outcome.CAPTCHA, "防火墙脚本验证", html="waf-jschallenge", settle=8),
    Sign(Outcome.CAPTCHA, "防火墙脚本验证", html="argus-csp-token", text=r"\A\s*\Z", settle=8),
    Sign(Outcome.ACCOUNT_GONE, "页面显示账号已注销或被封禁", text="账号已注销|账号已被封禁|该账号已被封禁"),
    Sign(Outcome.NOT_FOUND, "页面显示用户不存在", text="用户不存在|你要观看的用户不存在"),
    Sign(Outcome.SIGNATURE_REJECTED, "列表处显示“服务异常”", text="服务异常", settle=3),
    # The dialog may lie over a list that still arrives.
    Sign(Outcome.LOGIN_REQUIRED, "登录弹窗挡住列表", html=r"id=[\"']login-panel-new[\"']", settle=6),
    Sign(Outcome.LOGIN_REQUIRED, "登录弹窗挡住列表", text="扫码登录", settle=6),
)
_NOTE = 68  # aweme_type of 图文
_NOT_PUBLIC = ("is_delete", "private_status", "is_prohibited", "in_reviewing", "part_see")


def _starts(uid: str, _session_hosts: frozenset[str]) -> tuple[Start, ...]:
    return (Start(f"https://www.douyin.com/user/{quote(uid, safe='')}", "douyin.web"),)


def _role_of(url: str, _request_body: str) -> str | None:
    address = urlsplit(url)
    if not (address.hostname or "").endswith(".douyin.com"):
        return None
    return _ROLES.get(address.path.rstrip("/"))


def _object(seen: Seen) -> dict[str, Any]:
    if seen.body.strip() == b"blocked":
        raise NotAList((Outcome.SIGNATURE_REJECTED, "应答为 blocked"))
    body = read_object(seen, SIGNS, {}, Outcome.SIGNATURE_REJECTED)
    if "verify_ticket" in body or str(body.get("code")) == "10001010A":
        raise NotAList((Outcome.CAPTCHA, "平台要求验证（当前环境存在风险）"))
    return body


def profile(seen: Seen, _uid: str) -> Profile:
    """The profile's answer: ``user.sec_uid``, ``user.aweme_count`` and what befell the account."""
    try:
        user = _object(seen).get("user")
    except NotAList as other:
        return Profile(state=other.state)
    if not isinstance(user, dict) or not user.get("sec_uid"):
        return Profile()
    return Profile(frozenset({str(user["sec_uid"])}), count(user.get("aweme_count")), _account_state(user))


def _account_state(user: Mapping[str, Any]) -> State | None:
    special = at(user, "special_state_info", "special_state") == 1
    if special or user.get("user_deleted") is True or user.get("is_ban") is True:
        title = head(at(user, "special_state_info", "title"))
        return Outcome.ACCOUNT_GONE, title or "账号已注销或被封禁"
    if user.get("secret") == 1:
        return Outcome.PRIVATE, "私密账号"
    return None


def list_page(seen: Seen, _uid: str) -> ListPage:
    """The list's answer. A missing key, ``null`` and ``[]`` mean three different things."""
    try:
        body = _object(seen)
    except NotAList as other:
        return ListPage(state=other.state)
    if "status_code" not in body:
        return ListPage(state=(Outcome.LAYOUT_CHANGED, "应答中没有 status_code"))
    if body["status_code"] != 0:
        return ListPage(state=(Outcome.SIGNATURE_REJECTED, f"status_code {body['status_code']}"))
    if "aweme_list" not in body:
        # The bare success is what a visitor gets; with other keys beside it, the list has moved.
        if "has_more" in body or "max_cursor" in body:
            return ListPage(state=(Outcome.LAYOUT_CHANGED, "应答中没有 aweme_list"))
        return ListPage(state=(Outcome.LOGIN_REQUIRED, "应答中没有 aweme_list：登录状态无效"))
    works = body["aweme_list"]
    if works is None:
        return ListPage(state=(Outcome.SIGNATURE_REJECTED, "aweme_list 为 null"))
    if not isinstance(works, list):
        return ListPage(state=(Outcome.LAYOUT_CHANGED, "aweme_list 不是列表"))
    entries = [_entry(work, seen) for work in works]
    doubts = ["有作品读不出发布时间"] if None in entries else []
    if at(body, "not_login_module", "guide_login_tip_exist") is True:
        doubts.append("未登录视图：可能缺最新作品")
    return ListPage(
        entries=tuple(entry for entry in entries if entry),
        end="has_more" in body and not body["has_more"],
        doubts=tuple(doubts),
    )


def _entry(work: dict[str, Any], seen: Seen) -> Entry | None:
    author = at(work, "author", "sec_uid")
    author = str(author) if author else None
    status = work.get("status") or {}
    hidden = any(status.get(flag) for flag in _NOT_PUBLIC)
    if hidden or at(status, "review_result", "review_status") or work.get("is_story"):
        return Entry(author, None)
    published = epoch(work.get("create_time"), "s")
    post_id = str(work.get("aweme_id") or "")
    if published is None or not post_id:
        return None
    is_note = bool(work.get("images")) or work.get("aweme_type") == _NOTE
    return Entry(
        author,
        Post(
            post_id=post_id,
            published_at=published.at,
            published_raw=published.raw,
            published_rule=published.rule,
            title=head(work.get("desc"), work.get("caption"), work.get("item_title")),
            url=f"https://www.douyin.com/{'note' if is_note else 'video'}/{quote(post_id, safe='')}",
            kind="image_text" if is_note else "video",
            is_pinned=bool(work.get("is_top")),
            evidence_sha256=seen.sha256,
        ),
    )


DOUYIN = Platform(
    name="douyin",
    paging=Paging.SCROLL_GRID,
    strangers=Strangers.LEFT_OUT,
    signs=SIGNS,
    status={},
    starts=_starts,
    role_of=_role_of,
    profile=profile,
    list_page=list_page,
    grid='[data-e2e="user-post-list"], ul[data-e2e="scroll-list"]',
)
