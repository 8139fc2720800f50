"""Sites that answer in every way a probe must tell apart, at their own names behind a loopback proxy.

The first label of a host name says how it answers; ``asked`` counts requests by host. ``down`` holds hosts
that cut every connection from now on; ``down_after`` cuts a host after so many requests.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PAGE = "<html><head><title>合成网站</title></head><body><p>政务公开</p><a href='/a'>要闻</a></body></html>"
WAF = "<html><head><title>访问被拦截</title></head><body>您的请求存在威胁，云防护</body></html>"
CHALLENGE = "<script>document.cookie='__jsl_clearance_s=x';location.reload()</script>"


class ProbeWeb(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: Counter[str] = Counter()
        self.down: set[str] = set()
        self.down_after: dict[str, int] = {}
        self.most_at_once: Counter[str] = Counter()
        self.at_once: Counter[str] = Counter()
        self.lock = threading.Lock()

    @property
    def proxy(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has given up is nothing to report."""


@contextmanager
def probe_web() -> Iterator[ProbeWeb]:
    with ProbeWeb() as web:
        threading.Thread(target=web.serve_forever, args=(0.05,), daemon=True).start()
        yield web
        web.shutdown()


class _Handler(BaseHTTPRequestHandler):
    server: ProbeWeb

    def do_GET(self) -> None:
        web, host = self.server, urlsplit(self.path).hostname or ""
        with web.lock:
            web.asked[host] += 1
            web.at_once[host] += 1
            web.most_at_once[host] = max(web.most_at_once[host], web.at_once[host])
            cut = host in web.down or web.asked[host] > web.down_after.get(host, 10**9)
        try:
            if not cut:
                self._answer(host.partition(".")[0], urlsplit(self.path).path)
        finally:
            with web.lock:
                web.at_once[host] -= 1

    def _answer(self, kind: str, path: str) -> None:
        match kind:
            case "reset":
                return
            case "hangs":
                time.sleep(60)
            case "trickles":  # its head comes at once, its end too late
                self.send_response(200)
                self.send_header("Content-Length", str(len(PAGE.encode()) * 2))
                self.end_headers()
                self.wfile.write(PAGE.encode())
                time.sleep(60)
            case "lazy":
                time.sleep(0.1)
                self._send(200, PAGE)
            case "moved":
                self._redirect("http://fine.example.gov.cn/")
            case "loops":
                self._redirect("http://loops.example.gov.cn/again")
            case "inward":
                self._redirect("http://127.0.0.1:1/secret")
            case "waf":
                self._send(200, WAF)
            case "jsl":
                self._send(521, CHALLENGE)
            case "picture":
                self._send(200, "not html", "application/pdf")
            case _ if kind.isdecimal():
                self._send(int(kind), "<h1>error</h1>")
            case _:
                self._send(200, PAGE)

    def _redirect(self, url: str) -> None:
        self.send_response(302)
        self.send_header("Location", url)
        self.end_headers()

    def _send(self, status: int, body: str, kind: str = "text/html; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: object) -> None: ...
