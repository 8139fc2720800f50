"""政府网站：每种“不是没更新”的样子。``any`` 是网站的每一页，``odd_column`` 是一半的栏目。"""

import re

from replica.states.kinds import DROPPED, SILENT, Reply, State

_LISTS = re.compile(r"<ul\b.*?</ul>", re.S)
_CODE = re.compile(r'(<meta name="SiteIDCode" content=")\d+', re.I)
_CHALLENGE = (
    "<script>document.cookie=('__')+('jsl_clearance_s=EXAMPLE|-1|x;max-age=3600;path=/');"
    "location.href=location.pathname+location.search</script>"
)
_JSL = {"X-Via-JSL": "example,-", "Set-Cookie": "__jsluid_s=0123456789abcdef0123456789abcdef; path=/"}
_AJAX = """<div class="list-app" id="list-app">正在加载……</div><script>
fetch('/webapi/list?page=1').then(r => { if (!r.ok) throw new Error(r.status); return r.json() })
  .catch(() => { document.getElementById('list-app').textContent = '加载失败' })</script>"""


def _redesigned(html: str) -> str:
    return _LISTS.sub('<div class="x-cards" data-view="next"></div>', html)


def _filled_by_ajax(html: str) -> str:
    return _LISTS.sub("", _LISTS.sub(_AJAX, html, count=1))


def _other_code(html: str) -> str:
    return _CODE.sub(r"\g<1>4499990001", html)


_STUCK_521 = Reply(_CHALLENGE.replace("('__')", "('_')"), 521, headers=_JSL)
_BLOCKED = Reply(template="websites/waf_block.html")
_MOVED = Reply(template="websites/moved.html")
_NOT_FOUND = Reply(
    "<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>", 404
)

STATES: dict[str, State] = {
    "challenge_521": State(
        "加速乐：脚本设 cookie 后放行",
        ("ok_complete",),
        {"any": Reply(_CHALLENGE, 521, headers=_JSL, until_cookie="__jsl_clearance_s")},
    ),
    "stuck_521": State("加速乐：一直不放行", ("unreachable",), {"any": _STUCK_521}),
    "challenge_412": State(
        "瑞数：HTTP 412", ("unreachable",), {"any": Reply(template="websites/challenge_412.html", status=412)}
    ),
    "waf_block": State("云防护拦截页（HTTP 200）", ("unreachable",), {"any": _BLOCKED}),
    "waf_403": State(
        "云防护拦截页（HTTP 403）",
        ("unreachable",),
        {"any": Reply(template="websites/waf_block.html", status=403)},
    ),
    "rate_limited": State("HTTP 429", ("rate_limited",), {"any": Reply("Too Many Requests", 429)}),
    "http_503": State("HTTP 503", ("unreachable",), {"any": Reply("Service Unavailable", 503)}),
    "http_404": State("首页与栏目均为 404", ("not_found",), {"any": _NOT_FOUND}),
    "not_found": State("首页与栏目均为 404", ("not_found",), {"any": _NOT_FOUND}),
    "column_404": State("栏目页 404", ("not_found", "ok_partial"), {"column": _NOT_FOUND}),
    "moved": State("迁移公告，5 秒后跳转", ("identity_mismatch",), {"any": _MOVED}),
    "moved_301": State(
        "301 跳转到市政府门户",
        ("identity_mismatch",),
        {"any": Reply("", 301, headers={"Location": "http://www.zhanjiang.gov.cn/"})},
    ),
    "wrong_site_code": State("网站标识码与台账不符", ("identity_mismatch",), {"any": _other_code}),
    "identity_mismatch": State("网站标识码与台账不符", ("identity_mismatch",), {"any": _other_code}),
    "layout_changed": State("改版：列表节点不见了", ("layout_changed",), {"any": _redesigned}),
    "ajax_failed": State("列表改为异步加载，而接口失败", ("layout_changed",), {"any": _filled_by_ajax}),
    "partial": State(
        "一半的栏目打不开（HTTP 503）", ("ok_partial",), {"odd_column": Reply("Service Unavailable", 503)}
    ),
    "unreachable": State("连接被断开", ("unreachable",), {"any": DROPPED}),
    "timeout": State("一直没有应答", ("unreachable",), {"any": SILENT}),
}
