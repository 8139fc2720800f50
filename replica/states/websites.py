"""政府网站：每种“不是没更新”的样子。

``any`` 是网站的每一页，``odd_column`` 是一半的栏目，``data`` 是脚本要的数据。
"""

import re

from replica.states.kinds import DROPPED, SILENT, Reply, State

# Every list template says where its list begins and ends; a home page's lists are plain ones.
_MARKED = re.compile(r"<!--list-->.*?<!--/list-->", re.S)
_LISTS = re.compile(r"<ul\b.*?</ul>", re.S)
_META = '(<meta name="{}" content=")[^"]+'
_CODE, _NAME, _DOMAIN = (
    re.compile(_META.format(name), re.I) for name in ("SiteIDCode", "SiteName", "SiteDomain")
)
_IDENTITY = re.compile(r'<meta name="Site(?:IDCode|Name|Domain)" content="[^"]*">', re.I)
_CHALLENGE = (
    "<script>document.cookie=('__')+('jsl_clearance_s=EXAMPLE|-1|x;max-age=3600;path=/');"
    "location.href=location.pathname+location.search</script>"
)
_JSL = {"X-Via-JSL": "example,-", "Set-Cookie": "__jsluid_s=0123456789abcdef0123456789abcdef; path=/"}
_RS_PASSES = (
    '<!DOCTYPE html><html><head><meta charset="UTF-8"><meta id="exampleChallenge" content="EXAMPLE" r="m">'
    '<script r="m">$_ts=window[\'$_ts\'];if(!$_ts)$_ts={};$_ts.nsd=10000;$_ts.cd="EXAMPLE";'
    "document.cookie='exampleT=EXAMPLE;path=/';setTimeout(()=>location.reload(),50)</script>"
    "</head><body></body></html>"
)
_AJAX = """<div class="list-app" id="list-app">正在加载……</div><script>
fetch('/webapi/list?page=1').then(r => { if (!r.ok) throw new Error(r.status); return r.json() })
  .catch(() => { document.getElementById('list-app').textContent = '加载失败' })</script>"""
_LEAVES = "<html><body><script>location.replace('http://www.zhanjiang.gov.cn/')</script></body></html>"
_MAINTAINED = (
    "<html><head><title>网站维护中</title></head><body><h1>网站维护中，请稍后访问</h1></body></html>"
)
_SOFT_404 = "<html><head><title>提示</title></head><body><p>您访问的页面不存在或已删除</p></body></html>"
_VERIFY = "<html><head><title>安全验证</title></head><body><p>请完成安全验证后继续访问</p></body></html>"


def _redesigned(html: str) -> str:
    return _LISTS.sub('<div class="x-cards" data-view="next"></div>', _MARKED.sub("", html))


def _filled_by_ajax(html: str) -> str:
    if _MARKED.search(html):
        return _MARKED.sub(_AJAX, html)
    return _LISTS.sub("", _LISTS.sub(_AJAX, html, count=1))


def _other_code(html: str) -> str:
    return _CODE.sub(r"\g<1>4499990001", html)


def _other_name(html: str) -> str:
    return _NAME.sub(r"\g<1>某某区人民政府门户网站", html)


def _other_domain(html: str) -> str:
    return _DOMAIN.sub(r"\g<1>www.other.gov.cn", html)


def _without_identity(html: str) -> str:
    return _IDENTITY.sub("", html)


_STUCK_521 = Reply(_CHALLENGE.replace("('__')", "('_')"), 521, headers=_JSL)
_STUCK_412 = Reply(template="websites/challenge_412.html", status=412)
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
        "瑞数：脚本设 cookie 后放行",
        ("ok_complete",),
        {"any": Reply(_RS_PASSES, 412, until_cookie="exampleT")},
    ),
    "stuck_412": State("瑞数：一直不放行", ("unreachable",), {"any": _STUCK_412}),
    "waf_block": State("云防护拦截页（HTTP 200）", ("unreachable",), {"any": _BLOCKED}),
    "waf_403": State(
        "云防护拦截页（HTTP 403）",
        ("unreachable",),
        {"any": Reply(template="websites/waf_block.html", status=403)},
    ),
    "geo_block": State("境外来访：连接被重置", ("unreachable",), {"any": DROPPED}),
    "rate_limited": State("HTTP 429", ("rate_limited",), {"any": Reply("Too Many Requests", 429)}),
    "captcha": State("要求安全验证", ("captcha",), {"any": Reply(_VERIFY)}),
    "http_503": State("HTTP 503", ("unreachable",), {"any": Reply("Service Unavailable", 503)}),
    "maintenance": State("网站维护页（HTTP 200）", ("unreachable",), {"any": Reply(_MAINTAINED)}),
    "http_404": State("首页与栏目均为 404", ("not_found",), {"any": _NOT_FOUND}),
    "not_found": State("首页与栏目均为 404", ("not_found",), {"any": _NOT_FOUND}),
    "soft_404": State("页面提示不存在（HTTP 200）", ("not_found",), {"any": Reply(_SOFT_404)}),
    "column_404": State("栏目页 404", ("not_found", "ok_partial"), {"column": _NOT_FOUND}),
    "moved": State("迁移公告，5 秒后跳转", ("identity_mismatch",), {"any": _MOVED}),
    "moved_301": State(
        "301 跳转到市政府门户",
        ("identity_mismatch",),
        {"any": Reply("", 301, headers={"Location": "http://www.zhanjiang.gov.cn/"})},
    ),
    "moved_script": State("脚本跳转到市政府门户", ("identity_mismatch",), {"any": Reply(_LEAVES)}),
    "wrong_site_code": State("网站标识码与台账不符", ("identity_mismatch",), {"any": _other_code}),
    "wrong_site_name": State("网站名称与台账不符", ("identity_mismatch",), {"any": _other_name}),
    "wrong_site_domain": State("网站域名与台账不符", ("identity_mismatch",), {"any": _other_domain}),
    "identity_mismatch": State("网站标识码与台账不符", ("identity_mismatch",), {"any": _other_code}),
    "no_identity": State("没有标识码、名称与域名", ("ok_complete",), {"any": _without_identity}),
    "layout_changed": State("改版：列表节点不见了", ("layout_changed",), {"any": _redesigned}),
    "ajax_failed": State("列表改为异步加载，而接口失败", ("layout_changed",), {"any": _filled_by_ajax}),
    "data_failed": State(
        "列表的数据接口失败（HTTP 500）",
        ("layout_changed", "ok_partial"),
        {"data": Reply("Internal Server Error", 500)},
    ),
    "partial": State(
        "一半的栏目打不开（HTTP 503）", ("ok_partial",), {"odd_column": Reply("Service Unavailable", 503)}
    ),
    "unreachable": State("连接被断开", ("unreachable",), {"any": DROPPED}),
    "timeout": State("一直没有应答", ("unreachable",), {"any": SILENT}),
}
