"""How the replica answers: pages from templates, JSON, and whatever a subject's state puts in their place."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from replica.scenario import Scenario, Subject
from replica.states import Fault, Reply

_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# Nobody waits longer than this for an answer that will never come.
_SILENCE_SECONDS = 300.0


class Dropped(Exception):
    """The connection is to be cut without an answer."""


def page(template: str, **values: object) -> str:
    """A page of ``replica/pages`` as HTML text."""
    return _pages.get_template(template).render(values)


def scenario_of(request: Request) -> Scenario:
    scenario: Scenario = request.app.state.scenario
    return scenario


async def answer(
    request: Request, subject: Subject | None, truth: str | dict[str, Any] | Response, *places: str
) -> Response:
    """``truth`` (HTML, or a JSON body) as ``subject``'s state lets it be seen.

    ``places`` are the names this place goes by, the most particular first.
    """
    state = scenario_of(request).state_of(subject.id) if subject else None
    shown = next((state.at[place] for place in places if place in state.at), None) if state else None
    if shown is None:
        return _respond(truth)
    if isinstance(shown, Reply):
        if shown.until_cookie and shown.until_cookie in request.cookies:
            return _respond(truth)
        return await _reply(request, shown, subject)
    if isinstance(truth, Response):
        return truth
    return _respond(shown(truth))


async def _reply(request: Request, reply: Reply, subject: Subject | None) -> Response:
    if reply.fault is Fault.DROP:
        raise Dropped
    if reply.fault is Fault.SILENCE:
        await _until_client_leaves(request)
        raise Dropped
    body = reply.body
    if reply.template:
        body = page(reply.template, name=subject.name if subject else "", url=str(request.url))
    return _respond(body, reply.status, reply.headers)


def _respond(
    body: str | dict[str, Any] | Response, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    if isinstance(body, Response):
        return body
    if isinstance(body, dict):
        return JSONResponse(body, status, headers)
    return HTMLResponse(body, status, headers)


async def _until_client_leaves(request: Request) -> None:
    async def left() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    try:
        await asyncio.wait_for(left(), _SILENCE_SECONDS)
    except TimeoutError:
        return
