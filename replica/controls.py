"""What stands for the rest of the world: well-known sites, and the clock that a simulated week turns."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from replica.replies import Dropped, scenario_of
from replica.scenario import instant


async def _page(request: Request) -> Response:
    scenario = scenario_of(request)
    if scenario.availability.controls_are_down(scenario.now):
        raise Dropped
    return HTMLResponse(f"<title>对照网站（合成）</title><p>{request.url.hostname}</p>")


async def _clock(request: Request) -> Response:
    """``PUT`` sets the scenario's now to the instant in the body; ``DELETE`` takes it back."""
    scenario = scenario_of(request)
    if request.method == "DELETE":
        scenario.now = scenario.own_now
        return Response(status_code=204)
    try:
        moment: datetime = instant((await request.body()).decode())
    except ValueError:
        return Response(status_code=400)
    scenario.now = moment
    return Response(status_code=204)


control_routes: list[BaseRoute] = [Route("/{path:path}", _page)]
clock_routes: list[BaseRoute] = [Route("/", _clock, methods=["PUT", "DELETE"])]
