"""微博：每种“不是没更新”的样子。``list`` 同时是桌面与手机的列表。"""

from typing import Any

from replica.states.kinds import TIMEOUT, UNREACHABLE, Change, Reply, State, everywhere

MINUS_100 = Reply(
    {
        "ok": -100,
        "errno": "100005",
        "msg": "请先登录",
        "url": "https://passport.weibo.com/sso/signin?entry=wapsso&url=https%3A%2F%2Fm.weibo.cn%2F",
    }
)
_CAPTCHA = Reply(
    {
        "ok": 0,
        "errno": "100005",
        "msg": "请求过于频繁,歇歇吧",
        "url": "https://m.weibo.cn/api/geetest/pop?key=EXAMPLE",
    }
)
_RELOGIN = Reply({"error": "relogin!", "error_code": 21301, "request": "/ajax/statuses/mymblog"})
_NO_CONTENT = Reply({"ok": 0, "msg": "这里还没有内容", "data": {"cards": []}})
_NO_USER = Reply({"ok": 0, "error_code": 20003, "message": "user does not exists!"})
_NO_WEIBO = Reply({"ok": 0, "error_code": 20101, "message": "target weibo does not exist!"})
_NO_PERMISSION = Reply({"ok": 0, "error_code": 20112, "message": "Permission Denied!"})
_BLOCKED = "该账号因被投诉违反法律法规和《微博社区公约》的相关规定，现已无法查看"


_LATELY = 12  # more than anybody publishes in two weeks in our scenarios


def _blocked(body: dict[str, Any]) -> dict[str, Any]:
    # The desktop profile says "user", the mobile one "userInfo"; both keep little of a blocked account.
    kept = {key: body["data"][key] for key in ("user", "userInfo") if key in body["data"]}
    return {"ok": 1, "data": {**kept, "tabList": [], "blockText": _BLOCKED}}


def _statuses(body: dict[str, Any]) -> list[dict[str, Any]]:
    cards: list[dict[str, Any]] = body["data"].get("cards") or []
    return [*(body["data"].get("list") or []), *(card["mblog"] for card in cards)]


def _by_a_stranger(body: dict[str, Any]) -> dict[str, Any]:
    for status in _statuses(body):
        status["user"] = {
            "id": 9999999999,
            "idstr": "9999999999",
            "screen_name": "另一个账号",
            "verified": False,
        }
        status.pop("ori_mid", None)
    return body


def _renamed(body: dict[str, Any]) -> dict[str, Any]:
    return {"ok": 1, "data": {"statuses": _statuses(body), "next": body["data"].get("since_id", "")}}


def _without_the_newest(body: dict[str, Any]) -> dict[str, Any]:
    """A list that silently leaves out what came last: only the window query knows better."""
    if "list" not in body["data"]:
        return body
    pinned = [status for status in body["data"]["list"] if status.get("isTop")]
    others = [status for status in body["data"]["list"] if not status.get("isTop")]
    return {**body, "data": {**body["data"], "list": pinned + others[_LATELY:]}}


def _status(code: int) -> dict[str, Reply | Change]:
    return {"list": Reply("<html><body>Sina Weibo</body></html>", code)}


def as_visitor(body: dict[str, Any]) -> dict[str, Any]:
    """The desktop list as someone without a login sees it: some posts are missing."""
    data = {**body["data"], "bottom_tips_visible": True, "bottom_tips_text": "登录后查看全部微博"}
    data["list"] = [status for place, status in enumerate(data["list"]) if status.get("isTop") or place % 3]
    return {**body, "data": data}


def _as_visitor(body: dict[str, Any]) -> dict[str, Any]:
    if "list" in body["data"]:
        return as_visitor(body)
    cards = [card for place, card in enumerate(body["data"]["cards"]) if place % 3]
    return {**body, "data": {**body["data"], "cards": cards}}


def _logged_out(html: str) -> str:
    return html.replace('"islogin":"1"', '"islogin":"0"').replace('"login": true', '"login": false')


STATES: dict[str, State] = {
    "captcha": State(
        "没有 data、只有 url：需要人工验证", ("captcha",), {"profile": _CAPTCHA, "list": _CAPTCHA}
    ),
    "login_required": State(
        "ok -100 请先登录", ("login_required",), {"profile": MINUS_100, "list": MINUS_100}
    ),
    "ok_minus100": State("ok -100 请先登录", ("login_required",), {"list": MINUS_100}),
    "relogin_21301": State("error_code 21301 relogin!", ("login_required",), {"list": _RELOGIN}),
    "visitor_loop": State(
        "访客系统不放行",
        ("login_required",),
        {
            "page": Reply(
                "",
                302,
                headers={
                    "Location": "https://passport.weibo.com/visitor/visitor?entry=miniblog&a=enter&url=&_rand=stuck"
                },
            )
        },
    ),
    "rate_limited": State("HTTP 432", ("rate_limited",), _status(432)),
    "http_432": State("HTTP 432", ("rate_limited",), _status(432)),
    "http_418": State("HTTP 418", ("rate_limited",), _status(418)),
    "http_414": State("HTTP 414", ("rate_limited",), _status(414)),
    "http_403": State("HTTP 403", ("rate_limited",), _status(403)),
    "not_json": State("列表不是 JSON", ("rate_limited",), _status(200)),
    "account_gone": State(
        "账号被屏蔽（blockText）", ("account_gone",), {"profile": _blocked, "list": _NO_CONTENT}
    ),
    "blocked_text": State(
        "账号被屏蔽（blockText）", ("account_gone",), {"profile": _blocked, "list": _NO_CONTENT}
    ),
    "private": State(
        "error_code 20112 无权查看", ("private",), {"profile": _NO_PERMISSION, "list": _NO_PERMISSION}
    ),
    "not_found": State(
        "用户不存在", ("not_found",), {**everywhere(_NO_USER), "page": Reply(template="weibo/not_found.html")}
    ),
    "error_20003": State("error_code 20003", ("not_found",), {"profile": _NO_USER, "list": _NO_USER}),
    "nocontent": State(
        "“这里还没有内容”：含义不明",
        ("not_found", "layout_changed", "login_required", "ok_partial"),
        {"list": _NO_CONTENT},
    ),
    "identity_mismatch": State("微博的作者是另一个账号", ("identity_mismatch",), {"list": _by_a_stranger}),
    "partial": State("访客视图：缺一部分微博", ("ok_partial",), {"page": _logged_out, "list": _as_visitor}),
    "desktop_refused": State(
        "桌面端 HTTP 418，手机端照常", ("rate_limited",), {"desktop_list": Reply("", 418)}
    ),
    "hides_the_newest": State(
        "桌面列表悄悄少了最新的微博，窗口查询照常",
        ("ok_partial", "ok_complete", "signature_rejected"),
        {"desktop_list": _without_the_newest},
    ),
    "error_20101": State("error_code 20101", ("not_found",), {"profile": _NO_WEIBO, "list": _NO_WEIBO}),
    "http_429": State("HTTP 429", ("rate_limited",), _status(429)),
    "sina_login": State(
        "跳转到新浪登录页",
        ("login_required",),
        {"page": Reply("", 302, headers={"Location": "https://login.sina.com.cn/signup/signin.php"})},
    ),
    "layout_changed": State("改版：列表换了键名", ("layout_changed",), {"list": _renamed}),
    "unreachable": UNREACHABLE,
    "timeout": TIMEOUT,
}
