"""抖音：每种“不是没更新”的样子。"""

from typing import Any

from replica.states.kinds import TIMEOUT, UNREACHABLE, Reply, State, everywhere, merged

_EMPTY = {"status_code": 0, "min_cursor": 0, "max_cursor": 0, "has_more": 0, "aweme_list": []}
_CAPTCHA_PAGE = Reply(template="douyin/captcha.html")
_EMPTY_BODY = Reply("")
_NO_LIST_KEY = Reply({"status_code": 0})
_GONE_USER = {
    "nickname": "用户已注销",
    "aweme_count": 0,
    "follower_count": 0,
    "user_deleted": True,
    "special_state_info": {"special_state": 1, "title": "账号已注销", "content": "该账号已注销，无法查看"},
}
_STRANGER = "MS4wLjABAAAAstrangerStrangerStrangerStrangerStranger_01"


def _by_a_stranger(body: dict[str, Any]) -> dict[str, Any]:
    author = {"uid": "98999999999", "sec_uid": _STRANGER, "nickname": "另一个账号"}
    works = [{**work, "author": {**work["author"], **author}} for work in body["aweme_list"]]
    return {**body, "aweme_list": works}


def as_visitor(body: dict[str, Any]) -> dict[str, Any]:
    """The list as someone without a login sees it: the newest works are missing, and it claims to end."""
    if "not_login_module" in body:
        return body  # it is a visitor's already
    pinned = [work for work in body["aweme_list"] if work["is_top"]]
    others = [work for work in body["aweme_list"] if not work["is_top"]]
    module = {"guide_login_tip_exist": True}
    return {**body, "has_more": 0, "aweme_list": pinned + others[3:6], "not_login_module": module}


STATES: dict[str, State] = {
    "captcha": State(
        "验证码中间页", ("captcha",), {"page": _CAPTCHA_PAGE, "profile": _EMPTY_BODY, "list": _EMPTY_BODY}
    ),
    "verify_ticket": State(
        "列表返回 verify_ticket：当前环境存在风险",
        ("captcha",),
        {"list": Reply({"code": "10001010A", "message": "当前环境存在风险", "verify_ticket": "EXAMPLE"})},
    ),
    "waf_challenge": State(
        "防火墙脚本验证", ("captcha",), {"page": Reply(template="douyin/waf_challenge.html")}
    ),
    "service_error": State(
        "列表处显示“服务异常”",
        ("signature_rejected",),
        {"page": Reply(template="douyin/service_error.html")},
    ),
    "login_required": State(
        "登录弹窗挡住列表",
        ("login_required",),
        {
            "page": Reply(template="douyin/login_wall.html"),
            "profile": _NO_LIST_KEY,
            "list": _NO_LIST_KEY,
        },
    ),
    "no_list_key": State("登录状态失效：应答中没有 aweme_list", ("login_required",), {"list": _NO_LIST_KEY}),
    "rate_limited": State("HTTP 429", ("rate_limited",), {"list": Reply("", 429), "profile": Reply("", 429)}),
    "http_403": State("列表返回 HTTP 403", ("unreachable", "rate_limited"), {"list": Reply("", 403)}),
    "http_412": State("列表返回 HTTP 412", ("unreachable", "rate_limited"), {"list": Reply("", 412)}),
    "signature_rejected": State("HTTP 200 但内容为空", ("signature_rejected",), {"list": _EMPTY_BODY}),
    "empty_body": State("HTTP 200 但内容为空", ("signature_rejected",), {"list": _EMPTY_BODY}),
    "blocked_body": State("内容为 blocked", ("signature_rejected",), {"list": Reply("blocked")}),
    "null_list": State(
        "aweme_list 为 null",
        ("signature_rejected", "rate_limited"),
        {"list": Reply({**_EMPTY, "aweme_list": None})},
    ),
    "empty_has_more": State(
        "列表为空却说还有",
        ("rate_limited", "signature_rejected"),
        {"list": Reply({**_EMPTY, "max_cursor": 1617238800000, "has_more": 1})},
    ),
    "empty_list": State(
        "列表为空，而作品数大于 0", ("signature_rejected", "rate_limited"), {"list": Reply(_EMPTY)}
    ),
    "account_gone": State(
        "账号已注销", ("account_gone",), {"profile": merged(user=_GONE_USER), "list": Reply(_EMPTY)}
    ),
    "banned": State(
        "账号已被封禁",
        ("account_gone",),
        {
            "profile": merged(
                user={
                    **_GONE_USER,
                    "nickname": "账号已被封禁",
                    "is_ban": True,
                    "special_state_info": {
                        "special_state": 1,
                        "title": "账号已被封禁",
                        "content": "该账号因违反社区规定已被封禁",
                    },
                }
            ),
            "list": Reply(_EMPTY),
        },
    ),
    "private": State(
        "私密账号", ("private",), {"profile": merged(user={"secret": 1}), "list": Reply(_EMPTY)}
    ),
    "not_found": State(
        "用户不存在（复原）", ("not_found",), everywhere(Reply(template="douyin/not_found.html", status=404))
    ),
    "identity_mismatch": State("列表的作者是另一个账号", ("identity_mismatch",), {"list": _by_a_stranger}),
    "partial": State("未登录视图：缺最新作品", ("ok_partial",), {"list": as_visitor}),
    "login_degraded": State("未登录视图：缺最新作品", ("ok_partial",), {"list": as_visitor}),
    "layout_changed": State(
        "改版：页面不再请求原来的接口",
        ("layout_changed",),
        {"page": Reply(template="douyin/redesigned.html")},
    ),
    "unreachable": UNREACHABLE,
    "timeout": TIMEOUT,
}
