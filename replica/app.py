"""The replica as one ASGI application: host names to sites, the scenario's clock, the request log."""

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import TextIO
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Host, Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from replica.controls import clock_routes, control_routes
from replica.login import login_routes, phone_routes
from replica.platforms import douyin, kuaishou, wechat, wechat_api, weibo
from replica.replies import Dropped
from replica.scenario import CLOCK_HOST, CONTROL_HOSTS, PHONE_HOST, PLATFORM_HOSTS, Scenario
from replica.websites.site import site_page


async def _no_icon(_request: Request) -> Response:
    return Response(status_code=204)


_ROUTES = {
    "douyin": douyin.routes,
    "kuaishou": kuaishou.routes,
    "wechat": wechat.routes,
    "wechat_api": wechat_api.routes,
    "weibo": weibo.routes,
}


def _router(routes: Sequence[BaseRoute]) -> Router:
    return Router([Route("/favicon.ico", _no_icon), *routes])


def build_app(scenario: Scenario) -> Starlette:
    """Everything the scenario's hosts answer. ``scenario.states`` is looked at anew for each request."""
    platforms = [
        Host(host, _router([*_ROUTES[name], *login_routes])) for host, name in PLATFORM_HOSTS.items()
    ]
    world = [Host(host, _router(control_routes)) for host in CONTROL_HOSTS]
    clock = Host(CLOCK_HOST, _router(clock_routes))
    phone = Host(PHONE_HOST, _router(phone_routes))
    # Every other name that the proxy lets through is a government site's.
    sites = Host("{site:path}", _router([Route("/{path:path}", site_page)]))
    app = Starlette(
        routes=[*platforms, *world, clock, phone, sites], middleware=[Middleware(_CutsConnections)]
    )
    app.state.scenario = scenario
    return app


class _CutsConnections:
    """Answers :class:`replica.replies.Dropped` by nothing. Stands within what makes errors a 500 page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Dropped:
            scope["replica.transport"].abort()
            while (await receive())["type"] != "http.disconnect":
                pass


class Replica:
    """The application with what belongs to every answer: the scenario's ``Date``, no caching, the log."""

    def __init__(self, scenario: Scenario, log: Path | None = None) -> None:
        self._app = build_app(scenario)
        self._scenario = scenario
        self._log: TextIO | None = log.open("a", encoding="utf-8", buffering=1) if log else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = 0
        began = time.perf_counter()

        async def stamped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # The scenario's day, not the machine's: relative times resolve against it.
                date = format_datetime(self._scenario.now.astimezone(UTC), usegmt=True).encode()
                stamp = [(b"date", date), (b"cache-control", b"no-store")]
                message["headers"] = [*message["headers"], *stamp]
            await send(message)

        try:
            await self._app(scope, receive, stamped)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        """One line of JSON; status 0 is a cut connection. Query strings may hold a token: left out."""
        if self._log is None:
            return
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "host": host,
            "method": scope["method"],
            "path": unquote(scope["path"]),
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        self._log.write(json.dumps(line, ensure_ascii=False) + "\n")

    def close(self) -> None:
        if self._log is not None:
            self._log.close()
