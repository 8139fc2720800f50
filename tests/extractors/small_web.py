"""Four platforms with a handful of accounts, at their real names behind a loopback proxy: just enough web
to drive the whole of capturing, TLS and proxy included, without the replica.

Every account publishes every ``STEP_DAYS`` days back from ``NEWEST``. ``troubles`` (uid → name) puts one
into a state; ``asked`` counts what was requested.
"""

import json
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import trustme

from extractors.periods import SHANGHAI

NEWEST = datetime(2021, 3, 30, 10, tzinfo=SHANGHAI)
STEP_DAYS = 3
POSTS = 90  # back to July 2020
DATE = "Thu, 01 Apr 2021 01:00:00 GMT"
TOKEN = "770077001"
HOSTS = ("www.douyin.com", "www.kuaishou.com", "weibo.com", "passport.weibo.com", "mp.weixin.qq.com")

_DOUYIN = """<title>合成县发布的抖音</title><div style="height:300px;overflow-y:auto" id="box">
<div data-e2e="user-post-list"><ul data-e2e="scroll-list" id="l"></ul></div></div>
<div style="height:3000px">推荐</div><script>
const sec = location.pathname.split('/').pop(); let cursor = 0, more = 1, busy = 0;
async function page() { if (busy || !more) return; busy = 1;
  const q = new URLSearchParams({sec_user_id: sec, max_cursor: cursor, count: 18, msToken: 'secret'});
  const r = await fetch('/aweme/v1/web/aweme/post/?' + q);
  const t = await r.text(); const d = t ? JSON.parse(t) : {};
  for (const a of d.aweme_list || []) l.insertAdjacentHTML('beforeend', '<li style="height:90px">一个</li>');
  more = d.has_more; cursor = d.max_cursor; busy = 0 }
fetch(`/aweme/v1/web/user/profile/other/?sec_user_id=${sec}`).then(page);
box.addEventListener('scroll', () => { if (box.scrollTop + 400 > box.scrollHeight) page() })</script>"""
_BY_WINDOW = """<title>合成县发布</title><div id="l"></div><script>
const uid = location.pathname.split('/').pop(); let next = '', busy = 0, n = 0;
async function page() { if (busy || next === null) return; busy = 1;
  const d = await (await ASK).json(); const items = ITEMS || [];
  for (const i of items) l.insertAdjacentHTML('beforeend', '<p style="height:90px">一条</p>');
  n++; next = items.length ? NEXT : null; busy = 0 }
PROFILE.then(page);
addEventListener('scroll', () => {
  if (innerHeight + scrollY + 300 > document.body.scrollHeight) page() })</script>"""
_KUAISHOU = (
    _BY_WINDOW.replace("ASK", "fetch('/rest/v/profile/feed?__NS_hxfalcon=secret', {method: 'POST', body: "
    "JSON.stringify({user_id: uid, pcursor: next, page: 'profile'})})")
    .replace("ITEMS", "d.feeds").replace("NEXT", "d.pcursor === 'no_more' ? null : d.pcursor")
    .replace("PROFILE", "fetch('/rest/v/profile/user', {method: 'POST', body: uid})")
)  # fmt: skip
_WEIBO = (
    _BY_WINDOW.replace("ASK", "fetch(`/ajax/statuses/mymblog?uid=${uid}&page=${n + 1}`)")
    .replace("ITEMS", "d.data.list").replace("NEXT", "d.data.since_id || null")
    .replace("PROFILE", "fetch(`/ajax/profile/info?uid=${uid}`)")
)  # fmt: skip
_CAPTCHA = "<title>验证码中间页</title><div id='captcha_container'>请完成下列验证后继续</div>"


class SmallWeb(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        authority = trustme.CA()
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*HOSTS).configure_cert(self.tls)
        self.troubles: dict[str, str] = {}
        self.asked: Counter[tuple[str, str]] = Counter()  # (path, uid)
        self.slow = 0.0

    @property
    def proxy(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle is nothing to report."""


@contextmanager
def small_web() -> Iterator[SmallWeb]:
    with SmallWeb() as web:
        thread = Thread(target=web.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield web
        web.shutdown()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: SmallWeb

    def do_CONNECT(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.setup_streams()

    def setup_streams(self) -> None:
        self.rfile = self.connection.makefile("rb", -1)
        self.wfile = self.connection.makefile("wb", 0)
        self.close_connection = False

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        status, headers, content = self.answer(address.path.rstrip("/"), query, body)
        payload = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        kind = "text/html; charset=utf-8" if isinstance(content, str) else "application/json"
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(payload)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)

    do_POST = do_GET

    def date_time_string(self, timestamp: float | None = None) -> str:
        return DATE

    def log_message(self, *args: object) -> None: ...

    def answer(self, path: str, query: dict[str, str], body: str) -> tuple[int, dict[str, str], Any]:
        asked_for = query.get("sec_user_id") or query.get("uid") or query.get("fakeid") or path.split("/")[-1]
        uid = json.loads(body)["user_id"] if path.endswith("/feed") else body or asked_for
        self.server.asked[path if not path.endswith(uid) else "page", uid] += 1
        trouble = self.server.troubles.get(uid, "")
        time.sleep(3600 if trouble == "hangs" else self.server.slow)
        host = self.headers["Host"]
        if trouble == "captcha" and "/user/" in path:
            return 200, {}, _CAPTCHA
        if host == "passport.weibo.com":
            return 200, {}, "<title>Sina Visitor System</title>"
        if path.startswith("/user/"):
            return 200, {}, _DOUYIN
        if path.startswith("/profile/"):
            return 200, {}, _KUAISHOU
        if path.startswith("/u/"):
            return (
                (302, {"Location": "https://passport.weibo.com/visitor/visitor"}, "")
                if trouble
                else (200, {}, _WEIBO)
            )
        if host == "mp.weixin.qq.com" and path != "/cgi-bin/appmsgpublish":
            return self.backend(path, query)
        return 200, {}, _LISTS.get(path, _nothing)(uid, query, body, trouble)

    def backend(self, path: str, query: dict[str, str]) -> tuple[int, dict[str, str], Any]:
        if path == "/cgi-bin/home":
            return 200, {}, f"<title>公众平台</title><a href='/x?token={query['token']}'>首页</a>"
        if "slave_sid=ours" in self.headers.get("Cookie", ""):
            return 302, {"Location": f"/cgi-bin/home?t=home/index&lang=zh_CN&token={TOKEN}"}, ""
        return 200, {}, "<title>微信公众平台</title><p>使用微信扫一扫登录</p>"


def _moment(number: int) -> datetime:
    return NEWEST - timedelta(days=STEP_DAYS * number)


def _span(start: int, size: int) -> range:
    return range(start, min(start + size, POSTS))


def _nothing(*_asked: object) -> str:
    return ""


def _douyin(uid: str, query: dict[str, str], _body: str, trouble: str) -> Any:
    start = int(query["max_cursor"])
    if trouble == "empty" or (trouble == "stops" and start):
        return ""
    works = [
        {"aweme_id": f"{uid[-3:]}{number}", "create_time": int(_moment(number).timestamp()),
         "desc": f"作品{number}", "is_top": 0, "author": {"sec_uid": uid}, "status": {}}
        for number in _span(start, 18)
    ]  # fmt: skip
    if not start:
        works.insert(0, works[0] | {"aweme_id": f"{uid[-3:]}top", "create_time": 1577841000, "is_top": 1})
    return {
        "status_code": 0,
        "aweme_list": works,
        "has_more": int(start + 18 < POSTS),
        "max_cursor": start + 18,
    }


def _kuaishou(_uid: str, _query: dict[str, str], body: str, trouble: str) -> Any:
    asked = json.loads(body)
    if trouble == "result2":
        return {"result": 2, "error_msg": "操作太快了"}
    start = int(asked["pcursor"] or 0)
    feeds = [
        {"author": {"id": asked["user_id"]}, "photo": {"id": f"k{number}", "caption": "一条",
         "timestamp": int(_moment(number).timestamp() * 1000), "duration": 1, "profileUserTopPhoto": False}}
        for number in _span(start, 20)
    ]  # fmt: skip
    return {"result": 1, "feeds": feeds, "pcursor": str(start + 20) if start + 20 < POSTS else "no_more"}


def _weibo(uid: str, query: dict[str, str], _body: str, _trouble: str) -> Any:
    start = 20 * (int(query["page"]) - 1)
    statuses = [
        {"id": 4600000000000000 - number, "mblogid": f"K{number}", "text_raw": "一条", "user": {"idstr": uid},
         "created_at": f"{_moment(number):%a %b %d %H:%M:%S %z %Y}"}
        for number in _span(start, 20)
    ]  # fmt: skip
    return {"ok": 1, "data": {"list": statuses, "since_id": "next" if start + 20 < POSTS else ""}}


def _wechat(uid: str, query: dict[str, str], _body: str, trouble: str) -> Any:
    if query["token"] != TOKEN:
        return {"base_resp": {"ret": 200040, "err_msg": "invalid csrf token"}}
    if trouble == "freq":
        return {"base_resp": {"ret": 200013, "err_msg": "freq control"}}
    messages = []
    for number in _span(int(query["begin"]), 5):
        at = int(_moment(number).timestamp())
        link = f"https://mp.weixin.qq.com/s?__biz={uid}&mid={number}"
        article = {"aid": f"{number}_1", "title": "一条", "create_time": at, "update_time": at, "link": link}
        info = {"sent_info": {"time": at}, "sent_result": {"msg_status": 2}, "appmsgex": [article]}
        messages.append({"publish_type": 101, "publish_info": json.dumps(info)})
    page = {"total_count": POSTS, "publish_list": messages}
    return {"base_resp": {"ret": 0, "err_msg": "ok"}, "publish_page": json.dumps(page)}


_LISTS: dict[str, Any] = {
    "/aweme/v1/web/user/profile/other": lambda uid, *_: {
        "status_code": 0, "user": {"sec_uid": uid, "aweme_count": POSTS}},
    "/aweme/v1/web/aweme/post": _douyin,
    "/rest/v/profile/user": lambda uid, *_: {"result": 1, "userProfile": {
        "profile": {"user_id": uid}, "ownerCount": {"photo_public": POSTS}}},
    "/rest/v/profile/feed": _kuaishou,
    "/ajax/profile/info": lambda uid, *_: {
        "ok": 1, "data": {"user": {"idstr": uid, "statuses_count": POSTS}}},
    "/ajax/statuses/mymblog": _weibo,
    "/cgi-bin/appmsgpublish": _wechat,
}  # fmt: skip
