"""A column's list as its system shows it: a page, or the data that a page's script asks for."""

from collections.abc import Mapping
from posixpath import relpath
from typing import Any

from starlette.responses import Response

from replica.replies import page
from replica.scenario import Column
from replica.websites.addresses import HANWEB_GROUP, category, page_asked, page_file
from replica.websites.content import ColumnContent, Item, SiteContent

Shown = str | dict[str, Any] | Response
_COLUMN_TYPES = {
    "news": "新闻/工作动态",
    "notice": "通知公告",
    "policy": "政策文件",
    "interaction": "互动交流",
    "other": "信息公开",
}
_GKMLPT_FRAME = "/gkmlpt/index"


def column_type(column: Column) -> str:
    return str(column.spec.get("column_type", _COLUMN_TYPES[column.column_class]))


def list_at(
    held: SiteContent, column: ColumnContent, path: str, query: Mapping[str, str]
) -> tuple[Shown | None, str] | None:
    """What ``path`` shows of the column, and the kind of place: ``column``, or ``data`` for scripts.

    ``(None, …)`` past the last page; None where the address is nothing of this column's.
    """
    if (data := _data_at(held, column, path, query)) is not None:
        return data, "data"
    if column.cms == "gkmlpt":
        frame = page("websites/list_gkmlpt.html", held=held, column=column)
        return (frame, "column") if path == _GKMLPT_FRAME else None
    number = page_asked(column.cms, column.folder, path, query)
    if number is None:
        return None
    return (_page(held, column, number) if number < column.pages else None), "column"


def link(held: SiteContent, cms: str, folder: str, item: Item) -> str:
    """An item's address as a page in ``folder`` writes it: whole, from the root, or relative."""
    if item.url:
        return item.url
    if cms in ("nfcms", "gkmlpt"):
        return held.origin + item.path
    if cms in ("hanweb", "ajax", "cards"):
        return item.path
    if cms == "plain":
        return f"//{held.host}{item.path}"
    relative = relpath(item.path, folder)
    return relative if relative.startswith("..") or cms != "trs" else f"./{relative}"


def _page(held: SiteContent, column: ColumnContent, number: int) -> str:
    size = HANWEB_GROUP if column.cms == "hanweb" else column.page_size
    items = column.items[number * size : (number + 1) * size]
    return page(
        f"websites/list_{column.cms}.html",
        held=held,
        column=column,
        rows=[(item, link(held, column.cms, column.folder, item)) for item in items],
        number=number,
        type=column_type(column.column),
        next_file=page_file(column.cms, number + 1) if number + 1 < column.pages else "",
        category=category(column.column.url),
    )


def _data_at(held: SiteContent, column: ColumnContent, path: str, query: Mapping[str, str]) -> Shown | None:
    number = category(column.column.url)
    if column.cms == "gkmlpt" and path == f"/gkmlpt/api/all/{number}":
        return _gkmlpt(held, column, max(int(query.get("page", "1")), 1) - 1)
    if column.cms == "hanweb" and path.endswith("/dataproxy.jsp") and query.get("columnid") == number:
        first, last = int(query.get("startrecord", "1")), int(query.get("endrecord", "45"))
        rows = [(item, link(held, "hanweb", "/", item)) for item in column.items[first - 1 : last]]
        xml = page("websites/dataproxy.xml", column=column, rows=rows)
        return Response(xml, media_type="text/xml")
    if column.cms == "ajax" and path == "/webapi/list" and query.get("column") == column.folder:
        start = (max(int(query.get("page", "1")), 1) - 1) * column.page_size
        answer = [
            {"title": item.title, "url": link(held, "ajax", "/", item), "day": f"{item.at:%Y-%m-%d}"}
            for item in column.items[start : start + column.page_size]
        ]
        return {"code": 200, "pages": column.pages, "rows": answer}
    return None


def _gkmlpt(held: SiteContent, column: ColumnContent, number: int) -> dict[str, Any]:
    """Some documents were entered late: what is displayed is their own day, not that of publication."""
    size = column.page_size
    articles = []
    for place, item in enumerate(column.items[number * size : (number + 1) * size]):
        first = int(item.at.timestamp())
        late = place % 5 == 3
        articles.append({
            "id": int(item.path.rpartition("_")[2].removesuffix(".html")),
            "title": item.title,
            "publisher": held.site.organiser,
            "source": "本网",
            "document_number": "",
            "classify_main": int(category(column.column.url)),
            "classify_main_name": column.column.name,
            "created_at": f"{item.at:%Y-%m-%d %H:%M:%S}",
            "create_time": first - 300,
            "first_publish_time": first,
            "display_publish_time": first - 200 * 86_400 if late else first,
            "date": first - 10 * 86_400,
            "url": held.origin + item.path,
            "post_url": f"{held.origin}{item.path}#{category(column.column.url)}",
            "is_expired": 0,
            "is_abolished": 0,
            "attachment": [],
            "relation": [],
        })  # fmt: skip
    return {
        "classify": {
            "id": int(category(column.column.url)),
            "name": column.column.name,
            "post_count": len(column.items),
        },
        "total": len(column.items),
        "articles": articles,
    }
