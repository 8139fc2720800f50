"""Any number of small sites at their real names behind a loopback proxy: what is served is written down in
the test itself, so each case is seen whole where it is checked."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import urlsplit

DATE = "Thu, 01 Apr 2021 01:00:00 GMT"


@dataclass(frozen=True)
class Answer:
    """``unless_cookie``: the answer stands only for whoever does not bring this cookie."""

    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "text/html"
    unless_cookie: str = ""
    behind: str = ""  # the body for whoever does
    silent: bool = False
    dropped: bool = False


class SiteWeb(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, Answer] = {}  # by host and path; by host alone for the rest of it
        self.asked: Counter[str] = Counter()
        self.over = Event()
        self.date = DATE  # the sites' own clock; a test moves it between two visits

    @property
    def proxy(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in the middle is nothing to report."""


@contextmanager
def site_web() -> Iterator[SiteWeb]:
    with SiteWeb() as web:
        Thread(target=web.serve_forever, args=(0.05,), daemon=True).start()
        yield web
        web.over.set()
        web.shutdown()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: SiteWeb

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        key = f"{address.hostname}{address.path}"
        self.server.asked[key] += 1
        missing = Answer("<title>404</title>", 404)
        answer = self.server.answers.get(key) or self.server.answers.get(address.hostname or "", missing)
        if answer.silent:
            self.server.over.wait(30)
        if answer.silent or answer.dropped:
            self.close_connection = True
            return
        status, body = answer.status, answer.body
        if answer.unless_cookie and answer.unless_cookie in self.headers.get("Cookie", ""):
            status, body = 200, answer.behind
        payload = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in {"Content-Type": answer.content_type, **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def date_time_string(self, timestamp: float | None = None) -> str:
        return self.server.date

    def log_message(self, *args: object) -> None: ...
