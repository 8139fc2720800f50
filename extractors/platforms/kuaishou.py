"""快手: ``www.kuaishou.com/profile/{eid}``, by REST or the older GraphQL; then the live site. Pure."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from extractors.outcomes import Outcome
from extractors.platforms import kuaishou_live
from extractors.platforms.platform import Paging, Platform, Start
from extractors.platforms.reading import Entry, ListPage, Profile, State, Strangers
from extractors.platforms.signs import NotAList, Sign, at, count, head, read_object
from extractors.platforms.times import epoch
from extractors.records import Post, Seen

# /rest/v/profile/get is whoever is logged in, not the account that is looked at.
_ROLES: Mapping[str, str] = {"/rest/v/profile/user": "profile", "/rest/v/profile/feed": "list"}
_OPERATIONS: Mapping[str, str] = {"visionProfilePhotoList": "list", "visionProfile": "profile"}
SIGNS = (
    Sign(Outcome.CAPTCHA, "滑块验证", html=r"<iframe[^>]+captcha\.zt\.kuaishou\.com"),
    Sign(Outcome.CAPTCHA, "滑块验证", text="拖动下方滑块|请求过快，请完成验证"),
    Sign(Outcome.LOGIN_REQUIRED, "跳转到登录页", host=r"(^|\.)passport\.kuaishou\.com$"),
    Sign(Outcome.ACCOUNT_GONE, "页面显示账号已封禁或注销", text="该?(用户|账号)已(被封禁|注销)"),
    Sign(Outcome.NOT_FOUND, "页面显示用户不存在", text="用户不存在"),
    Sign(Outcome.RATE_LIMITED, "页面显示请求过快", text="请求过快|操作太快了", settle=3),
)
RESULTS: Mapping[int, Outcome] = {
    2: Outcome.RATE_LIMITED,
    21: Outcome.LOGIN_REQUIRED,
    50: Outcome.SIGNATURE_REJECTED,
    109: Outcome.LOGIN_REQUIRED,
    2001: Outcome.CAPTCHA,
    400002: Outcome.CAPTCHA,
    400010: Outcome.RATE_LIMITED,
}
_END = "no_more"


def _starts(uid: str, _session_hosts: frozenset[str]) -> tuple[Start, ...]:
    own = quote(uid, safe="")
    return (
        Start(f"https://www.kuaishou.com/profile/{own}", "kuaishou.web"),
        # The live site answers whoever comes from the front page, which hands out its cookies.
        Start(
            f"https://live.kuaishou.com/profile/{own}",
            "kuaishou.live",
            before="https://www.kuaishou.com/",
            anonymous=True,
        ),
    )


def _role_of(url: str, request_body: str) -> str | None:
    address = urlsplit(url)
    if address.hostname == kuaishou_live.HOST:
        return kuaishou_live.ROLES.get(address.path.rstrip("/"))
    if address.hostname not in {"www.kuaishou.com", "kuaishou.com"}:
        return None
    path = address.path.rstrip("/")
    if path == "/graphql":
        return next((role for name, role in _OPERATIONS.items() if f'"{name}"' in request_body), None)
    return _ROLES.get(path)


def _object(seen: Seen) -> dict[str, Any]:
    body = read_object(seen, SIGNS, {}, Outcome.SIGNATURE_REJECTED)
    for error in body.get("errors") or []:
        message = head(at(error, "message"))
        outcome = Outcome.CAPTCHA if "captcha" in message.lower() else Outcome.SIGNATURE_REJECTED
        raise NotAList((outcome, f"GraphQL 报错：{message}"))
    data = body.get("data")
    inner = data if isinstance(data, dict) else {}
    for operation in _OPERATIONS:
        if operation in inner:
            if not isinstance(inner[operation], dict):
                raise NotAList((Outcome.SIGNATURE_REJECTED, f"{operation} 为 null"))
            return dict(inner[operation])
    return body


def _refusal(body: Mapping[str, Any]) -> State | None:
    """The state that ``result`` stands for; ``None`` for success."""
    result = body.get("result")
    if result == 1:
        return None
    outcome = RESULTS.get(result) if isinstance(result, int) else None
    detail = f"result {result} {head(body.get('error_msg'))}".rstrip()
    if outcome is not None:
        return outcome, detail
    return (Outcome.LAYOUT_CHANGED if result is None else Outcome.SIGNATURE_REJECTED), detail


def profile(seen: Seen, _uid: str) -> Profile:
    """``userProfile.profile.user_id`` and the counter of public works."""
    try:
        body = _object(seen)
    except NotAList as other:
        return Profile(state=other.state)
    if kuaishou_live.is_its(seen):
        data = kuaishou_live.data_of(body)
        return Profile(state=refused) if (refused := _refusal(data)) else kuaishou_live.profile(data)
    if (refusal := _refusal(body)) is not None:
        return Profile(state=refusal)
    owner = body.get("userProfile")
    user = at(owner, "profile") or {}
    ids = {str(user[name]) for name in ("user_id", "eid") if user.get(name)}
    return Profile(frozenset(ids), count(at(owner, "ownerCount", "photo_public")))


def list_page(seen: Seen, _uid: str) -> ListPage:
    """``feeds`` with their ``photo``; a photo that is ``null`` is hidden, and leaves a doubt."""
    try:
        body = _object(seen)
    except NotAList as other:
        return ListPage(state=other.state)
    if kuaishou_live.is_its(seen):
        data = kuaishou_live.data_of(body)
        return ListPage(state=refused) if (refused := _refusal(data)) else kuaishou_live.list_page(data, seen)
    if (refusal := _refusal(body)) is not None:
        return ListPage(state=refusal)
    feeds = body.get("feeds")
    if not isinstance(feeds, list):
        return ListPage(state=(Outcome.LAYOUT_CHANGED, "应答中没有 feeds"))
    entries, doubts = [], []
    for feed in feeds:
        author = at(feed, "author", "id")
        post = _post(at(feed, "photo"), seen)
        if post is None:
            doubts.append("有作品被隐藏或读不出发布时间")
        entries.append(Entry(str(author) if author else None, post))
    return ListPage(entries=tuple(entries), end=body.get("pcursor") == _END, doubts=tuple(doubts[:1]))


def _post(photo: Any, seen: Seen) -> Post | None:
    published = epoch(at(photo, "timestamp"), "ms")
    photo_id = at(photo, "id")
    if published is None or not photo_id:
        return None
    return Post(
        post_id=str(photo_id),
        published_at=published.at,
        published_raw=published.raw,
        published_rule=published.rule,
        title=head(photo.get("caption"), photo.get("originCaption")),
        url=f"https://www.kuaishou.com/short-video/{quote(str(photo_id), safe='')}",
        kind="video" if photo.get("duration") else "image_text",
        is_pinned=bool(photo.get("profileUserTopPhoto")),
        evidence_sha256=seen.sha256,
    )


KUAISHOU = Platform(
    name="kuaishou",
    paging=Paging.SCROLL_WINDOW,
    strangers=Strangers.MISMATCH,
    signs=SIGNS,
    status={},
    starts=_starts,
    role_of=_role_of,
    profile=profile,
    list_page=list_page,
)
