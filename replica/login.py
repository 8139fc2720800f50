"""Logging in by a code: the page that shows it, and the phone that scans it.

What the four platforms have in common (复原): the front page shows a code and asks again and again whether it
has been scanned; once it has, the answer brings the login's cookies, and the page goes home. The operator's
phone is ``PUT http://phone.replica.invalid/{platform}``.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from replica.replies import page, scenario_of
from replica.scenario import PLATFORM_HOSTS
from replica.sessions import cookies_of, is_logged_in

_NAMES = {"douyin": "抖音", "kuaishou": "快手", "wechat": "微信公众平台", "weibo": "微博"}
_LASTS_SECONDS = 30 * 24 * 3600


def _platform(request: Request) -> str:
    return PLATFORM_HOSTS[request.url.hostname or ""]


async def _front_page(request: Request) -> Response:
    """Of a platform that has no front page of its own."""
    name = _platform(request)
    values = {"name": _NAMES[name], "logged_in": is_logged_in(name, request.cookies)}
    return Response(page("front.html", **values), media_type="text/html")


async def _ask(request: Request) -> Response:
    """Whether this page's code has been scanned. Who is told so is logged in."""
    name, host = _platform(request), request.url.hostname or ""
    scanned = scenario_of(request).scanned
    if name not in scanned:
        return JSONResponse({"state": "waiting"})
    scanned.discard(name)  # a code is good for one login
    answer = JSONResponse({"state": "confirmed"})
    for cookie in cookies_of(name):
        domain = cookie["domain"]
        if not f".{host}".endswith(f".{domain.lstrip('.')}"):
            continue  # another site's: this one cannot set it
        answer.set_cookie(
            cookie["name"], cookie["value"], max_age=_LASTS_SECONDS, secure=True,
            domain=domain if domain.startswith(".") else None, httponly=cookie["httpOnly"], samesite="lax",
        )  # fmt: skip
    return answer


async def _scan(request: Request) -> Response:
    name = request.path_params["platform"]
    if name not in _NAMES:
        return Response(status_code=404)
    scenario_of(request).scanned.add(name)
    return Response(status_code=204)


login_routes: list[BaseRoute] = [Route("/", _front_page), Route("/login/qr", _ask, methods=["POST"])]
phone_routes: list[BaseRoute] = [Route("/{platform}", _scan, methods=["PUT"])]
