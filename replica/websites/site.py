"""``*.zhanjiang.gov.cn``: home pages, columns and articles, in the form of NFCMS or of TRS WCM."""

import re
from base64 import b64decode
from posixpath import relpath

from starlette.requests import Request
from starlette.responses import Response

from replica.replies import answer, page, scenario_of
from replica.scenario import CITY_HOST, Scenario, Subject
from replica.websites.content import PAGE_SIZE, ColumnContent, Item, SiteContent, content_of

_COLUMN_TYPES = {
    "news": "新闻/工作动态",
    "notice": "通知公告",
    "policy": "政策文件",
    "interaction": "互动交流",
    "other": "信息公开",
}
_LIST_FILE = re.compile(r"(?:index(?:_(\d+))?\.html)?")
_GIF = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_HOME_ROWS = 6


async def site_page(request: Request) -> Response:
    """Any address of any government site."""
    scenario, host, path = scenario_of(request), request.url.hostname or "", request.url.path
    site = scenario.site_at(host, path)
    if path.endswith(".gif"):
        return Response(_GIF, media_type="image/gif")
    if site is None:
        is_city_home = host == CITY_HOST and path in ("/", "/index.html")
        return Response(page("websites/city.html"), media_type="text/html") if is_city_home else _missing()
    html, place = _found(scenario, site, path)
    truth = html if html is not None else _missing()
    places = [place, "column", "any"] if place == "odd_column" else [place, "any"]
    return _encoded(await answer(request, site, truth, *places), content_of(scenario, site))


def _found(scenario: Scenario, site: Subject, path: str) -> tuple[str | None, str]:
    """The page at ``path`` and the kind of place that it is."""
    held = content_of(scenario, site)
    if path in (held.root, f"{held.root}index.html"):
        return _home(held), "home"
    if path in held.articles:
        column, item = held.articles[path]
        return page(
            "websites/article.html", held=held, column=column, item=item, type=_type(column)
        ), "article"
    for number, column in enumerate(held.columns):
        match = (
            _LIST_FILE.fullmatch(path.removeprefix(column.folder)) if path.startswith(column.folder) else None
        )
        if match:
            place = "odd_column" if number % 2 else "column"
            return _column(held, column, match[1]), place
    return None, "any"


def _missing() -> Response:
    return Response(page("websites/missing.html"), 404, media_type="text/html")


def _encoded(reply: Response, held: SiteContent) -> Response:
    """In the site's own encoding; such servers leave the charset to the page's meta."""
    body = bytes(reply.body)
    if held.charset == "utf-8" or b"charset=gb2312" not in body:
        return reply
    return Response(body.decode().encode("gb18030"), reply.status_code, {"Content-Type": "text/html"})


def _type(column: ColumnContent) -> str:
    return _COLUMN_TYPES[column.column.column_class]


def _home(held: SiteContent) -> str:
    sections = [
        (column, [(item, _link(held, held.root, item)) for item in column.items[:_HOME_ROWS]])
        for column in held.columns
        if column.column.column_class in ("news", "notice", "policy") and column.items
    ]
    return page("websites/home.html", held=held, sections=[] if held.home_is_navigation else sections)


def _column(held: SiteContent, column: ColumnContent, asked: str | None) -> str | None:
    """NFCMS calls its second page ``index_2``, TRS ``index_1``. ``None`` past the last page."""
    number = int(asked) - (held.cms == "nfcms") if asked else 0
    if not 0 <= number < column.pages or (asked and number == 0):
        return None
    items = column.items[number * PAGE_SIZE : (number + 1) * PAGE_SIZE]
    rows = [(item, _link(held, column.folder, item)) for item in items]
    return page(
        f"websites/list_{held.cms}.html",
        held=held,
        column=column,
        rows=rows,
        number=number,
        type=_type(column),
    )


def _link(held: SiteContent, folder: str, item: Item) -> str:
    """NFCMS writes whole addresses, TRS relative ones."""
    if item.url:
        return item.url
    if held.cms == "nfcms":
        return held.origin + item.path
    relative = relpath(item.path, folder)
    return relative if relative.startswith("..") else f"./{relative}"
