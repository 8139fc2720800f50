"""快手：每种“不是没更新”的样子。"""

from typing import Any

from replica.states.kinds import TIMEOUT, UNREACHABLE, Reply, State, everywhere

_NODE = {"host-name": "public-example-node"}
_CAPTCHA_URL = "https://captcha.zt.kuaishou.com/iframe/index.html?captchaSession=EXAMPLE"


def _result(code: int, message: str, **more: Any) -> Reply:
    return Reply({"result": code, "error_msg": message, **_NODE, **more})


_TOO_FAST = _result(2, "操作太快了，请稍微休息一下", request_id="3000000000000000003")
_LOG_IN = _result(109, "请先登录", loginUrl="https://passport.kuaishou.com/pc/account/login")
_CAPTCHA_CONFIG = f'{{"jsSdkUrl":"{_CAPTCHA_URL}","type":1}}'


def _by_a_stranger(body: dict[str, Any]) -> dict[str, Any]:
    author = {"id": "3xstranger00001", "name": "另一个账号"}
    return {**body, "feeds": [{**item, "author": {**item["author"], **author}} for item in body["feeds"]]}


def _with_a_hidden_photo(body: dict[str, Any]) -> dict[str, Any]:
    hidden = [{**item, "photo": None} if place == 1 else item for place, item in enumerate(body["feeds"])]
    return {**body, "feeds": hidden}


def _renamed(body: dict[str, Any]) -> dict[str, Any]:
    return {"result": 1, "page": {"cursor": body["pcursor"], "works": body["feeds"]}}


STATES: dict[str, State] = {
    "captcha": State(
        "滑块验证页",
        ("captcha",),
        {
            "page": Reply(template="kuaishou/captcha.html"),
            "profile": _result(2001, "antispam need captcha"),
            "list": _result(2001, "antispam need captcha"),
        },
    ),
    "result2001": State(
        "result 2001 需要验证码",
        ("captcha",),
        {"list": _result(2001, "antispam need captcha", captchaConfig=_CAPTCHA_CONFIG)},
    ),
    "result400002": State(
        "result 400002 请完成验证",
        ("captcha",),
        {
            "list": Reply(
                {"result": 400002, "error_msg": "请完成验证", "captcha": {"url": _CAPTCHA_URL}},
                headers={"Intercept-Result": "risk-control;400002"},
            )
        },
    ),
    "login_required": State(
        "result 109 请先登录", ("login_required",), {"profile": _LOG_IN, "list": _LOG_IN}
    ),
    "result109": State("result 109 请先登录", ("login_required",), {"list": _LOG_IN}),
    "result21": State("result 21", ("login_required",), {"list": _result(21, "")}),
    "passport_redirect": State(
        "跳转到登录页",
        ("login_required",),
        {"page": Reply("", 302, headers={"Location": "https://passport.kuaishou.com/pc/account/login"})},
    ),
    "rate_limited": State("result 2 操作太快了", ("rate_limited",), {"list": _TOO_FAST}),
    "result2": State("result 2 操作太快了", ("rate_limited",), {"list": _TOO_FAST}),
    "result400010": State("result 400010", ("rate_limited",), {"list": _result(400010, "")}),
    "http_429": State("HTTP 429", ("rate_limited",), {"list": Reply("", 429)}),
    "signature_rejected": State("result 50", ("signature_rejected",), {"list": _result(50, "")}),
    "result50": State("result 50", ("signature_rejected",), {"list": _result(50, "")}),
    "graphql_errors": State(
        "应答为 GraphQL 报错 Need captcha",
        ("captcha",),
        {"list": Reply({"errors": [{"message": "Need captcha"}], "data": {"visionProfilePhotoList": None}})},
    ),
    "both_refuse": State(
        "两条通道都说太快",
        ("rate_limited",),
        {
            "list": _TOO_FAST,
            "live_list": Reply(
                {
                    "data": {
                        "result": 2,
                        "list": [],
                        "pcursor": "",
                        "live": None,
                        "error_msg": "请求过快，请稍后重试",
                    }
                }
            ),
        },
    ),
    "empty_list": State(
        "列表为空，而作品数大于 0",
        ("signature_rejected", "rate_limited"),
        {"list": Reply({"result": 1, **_NODE, "pcursor": "no_more", "feeds": []})},
    ),
    "account_gone": State(
        "该用户已被封禁（复原）", ("account_gone",), everywhere(Reply(template="kuaishou/gone.html"))
    ),
    "not_found": State(
        "用户不存在（复原）",
        ("not_found",),
        everywhere(Reply(template="kuaishou/not_found.html", status=404)),
    ),
    "identity_mismatch": State("列表混入别人的作品", ("identity_mismatch",), {"list": _by_a_stranger}),
    "partial": State("有一条作品被隐藏（photo 为 null）", ("ok_partial",), {"list": _with_a_hidden_photo}),
    "null_photo": State("有一条作品被隐藏（photo 为 null）", ("ok_partial",), {"list": _with_a_hidden_photo}),
    "layout_changed": State("改版：列表换了键名", ("layout_changed",), {"list": _renamed}),
    "unreachable": UNREACHABLE,
    "timeout": TIMEOUT,
}
