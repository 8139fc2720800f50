"""微信公众号：每种“不是没更新”的样子。

``list`` 是公众平台后台的发表记录（``next_list``：其第二页起），``article`` 是文章页。
"""

import json
from typing import Any

from replica.states.kinds import TIMEOUT, UNREACHABLE, Reply, State

_STRANGER = "Mzk5OTk5OTk5OQ=="


def _refused(code: int, message: str) -> Reply:
    return Reply({"base_resp": {"err_msg": message, "ret": code}})


_FREQ, _SESSION = _refused(200013, "freq control"), _refused(200003, "invalid session")
_ARGS = _refused(200002, "invalid args")
_TO_CAPTCHA = Reply(
    "", 302, headers={"Location": "/mp/wappoc_appmsgcaptcha?poc_token=EXAMPLE&target_url=%2Fs"}
)


def _without_page(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != "publish_page"}


def _by_a_stranger(body: dict[str, Any]) -> dict[str, Any]:
    page = json.loads(body["publish_page"])
    for item in page["publish_list"]:
        if item["publish_info"]:
            message = json.loads(item["publish_info"])
            for article in message["appmsgex"]:
                article["link"] = article["link"].replace(
                    article["link"].split("__biz=")[1].split("&")[0], _STRANGER
                )
            item["publish_info"] = json.dumps(message, ensure_ascii=False)
    return {**body, "publish_page": json.dumps(page, ensure_ascii=False)}


def _promising(body: dict[str, Any], messages: int) -> dict[str, Any]:
    # The counter speaks of hundreds of messages; the list gives few, and then nothing.
    page = json.loads(body["publish_page"])
    page |= {"total_count": 812, "publish_list": page["publish_list"][:messages]}
    return {**body, "publish_page": json.dumps(page, ensure_ascii=False)}


STATES: dict[str, State] = {
    "captcha": State("环境异常，需要验证", ("captcha",), {"list": _TO_CAPTCHA, "article": _TO_CAPTCHA}),
    "login_required": State("200003 invalid session", ("login_required",), {"list": _SESSION}),
    "invalid_session": State("200003 invalid session", ("login_required",), {"list": _SESSION}),
    "invalid_csrf": State(
        "200040 invalid csrf token", ("login_required",), {"list": _refused(200040, "invalid csrf token")}
    ),
    "rate_limited": State("200013 freq control", ("rate_limited",), {"list": _FREQ}),
    "freq_control": State("200013 freq control", ("rate_limited",), {"list": _FREQ}),
    "not_found": State("200002 invalid args：标识有误", ("not_found",), {"list": _ARGS}),
    "invalid_args": State("200002 invalid args：标识有误", ("not_found",), {"list": _ARGS}),
    "needs_client": State(
        "请在微信客户端打开链接（列表处为复原）",
        ("login_required",),
        {"list": Reply(template="wechat/needs_client.html")},
    ),
    "system_error": State(
        "errcode -1（列表处为复原）",
        ("signature_rejected",),
        {"list": Reply({"errcode": -1, "errmsg": "system error"})},
    ),
    "unavailable": State(
        "该内容暂时无法查看（列表处为复原）",
        ("unreachable",),
        {"list": Reply(template="wechat/unavailable.html")},
    ),
    "bad_link": State(
        "参数错误（列表处为复原）", ("not_found",), {"list": Reply(template="wechat/bad_link.html")}
    ),
    "article_deleted": State(
        "文章已被发布者删除", ("ok_complete",), {"article": Reply(template="wechat/deleted.html")}
    ),
    "article_removed": State(
        "文章因违规被移除", ("ok_complete",), {"article": Reply(template="wechat/violation.html")}
    ),
    "account_gone": State(
        "该帐号已自主注销（列表处为复原）",
        ("account_gone",),
        {"list": Reply(template="wechat/cancelled.html"), "article": Reply(template="wechat/cancelled.html")},
    ),
    "account_blocked": State(
        "此账号已被屏蔽（列表处为复原）",
        ("account_gone",),
        {"list": Reply(template="wechat/blocked.html"), "article": Reply(template="wechat/blocked.html")},
    ),
    "migrated": State(
        "该公众号已迁移（列表处为复原）",
        ("account_gone", "identity_mismatch"),
        {"list": Reply(template="wechat/migrated.html"), "article": Reply(template="wechat/migrated.html")},
    ),
    "identity_mismatch": State("文章属于另一个公众号", ("identity_mismatch",), {"list": _by_a_stranger}),
    "partial": State(
        "列表提前中断，而总数还多",
        ("ok_partial", "ok_complete"),  # complete where it breaks off beyond what is needed
        {"list": lambda body: _promising(body, 2), "next_list": lambda body: _promising(body, 0)},
    ),
    "no_publish_page": State("应答中没有 publish_page", ("layout_changed",), {"list": _without_page}),
    "layout_changed": State("应答中没有 publish_page", ("layout_changed",), {"list": _without_page}),
    "unreachable": UNREACHABLE,
    "timeout": TIMEOUT,
}
