"""Any government site: its home page, the pages of its navigation, its columns, its articles."""

from base64 import b64decode
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from replica.replies import answer, page, scenario_of
from replica.scenario import CITY_HOST, Scenario, Subject
from replica.websites.content import SiteContent, content_of
from replica.websites.lists import Shown, column_type, link, list_at

_GIF = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


async def site_page(request: Request) -> Response:
    """Any address of any government site."""
    scenario, host, path = scenario_of(request), request.url.hostname or "", request.url.path
    site = scenario.site_at(host, path)
    if path.endswith(".gif"):
        return Response(_GIF, media_type="image/gif")
    if site is None:
        is_city_home = host == CITY_HOST and path in ("/", "/index.html")
        return Response(page("websites/city.html"), media_type="text/html") if is_city_home else _missing()
    shown, place = _found(scenario, site, path, request.query_params)
    truth = shown if shown is not None else _missing()
    places = [place, "column", "any"] if place == "odd_column" else [place, "any"]
    return _encoded(await answer(request, site, truth, *places), content_of(scenario, site))


def _found(
    scenario: Scenario, site: Subject, path: str, query: Mapping[str, str]
) -> tuple[Shown | None, str]:
    """What is at ``path`` and the kind of place that it is."""
    held = content_of(scenario, site)
    if path in (held.root, f"{held.root}index.html"):
        return _home(held), "home"
    if path in held.articles:
        column, item = held.articles[path]
        kind = column_type(column.column)
        return page("websites/article.html", held=held, column=column, item=item, type=kind), "article"
    for channel in held.channels:
        if path == channel.path:
            return page("websites/channel.html", held=held, channel=channel), "any"
    for number, column in enumerate(held.columns):
        if found := list_at(held, column, path, query):
            shown, place = found
            return shown, "odd_column" if place == "column" and number % 2 else place
    if path in (f"{held.root}{name}.html" for name in ("about", "jgzn", "ldzc")):  # pages, but no columns
        return page("websites/about.html", held=held), "any"
    return None, "any"


def _missing() -> Response:
    return Response(page("websites/missing.html"), 404, media_type="text/html")


def _encoded(reply: Response, held: SiteContent) -> Response:
    """In the site's own encoding; such servers leave the charset to the page's meta, or say a wrong one."""
    body = bytes(reply.body)
    if held.charset == "utf-8" or b"charset=gb2312" not in body:
        return reply
    said = held.site.spec.get("header_charset")
    content_type = f"text/html; charset={said}" if said else "text/html"
    return Response(body.decode().encode("gb18030"), reply.status_code, {"Content-Type": content_type})


def _home(held: SiteContent) -> str:
    sections = [
        (column, [(item, link(held, held.cms, held.root, item)) for item in items])
        for column, items in held.home_sections
    ]
    return page("websites/home.html", held=held, sections=sections)
