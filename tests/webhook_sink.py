"""A webhook of our own on this machine that keeps what arrives."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Sink:
    """``heard``: path and decoded body of every post, in order. ``apprise``: its address, without a path."""

    port: int
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def apprise(self) -> str:
        return f"json://127.0.0.1:{self.port}"

    def titles(self, path: str) -> list[str]:
        return [content["title"] for heard_at, content in self.heard if heard_at == path]


class _Webhook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.sink.heard.append((self.path, json.loads(body)))  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@contextmanager
def webhook_sink() -> Iterator[Sink]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Webhook)
    server.sink = Sink(server.server_port)  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.sink  # type: ignore[attr-defined]
    server.shutdown()
