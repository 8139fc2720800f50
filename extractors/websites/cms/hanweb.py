"""大汉 hanweb jcms: rows in an inline ``<script type="text/xml">``, further groups from ``dataproxy.jsp``.

``<datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?…">]]></nextgroup><recordset>
<record><![CDATA[<li><a …>…</a><b>2021-03-30</b></li>]]></record>…``. The widget shows ``perPage`` rows at a
time and asks for three pages' rows at once, by number: ``startrecord``, ``endrecord``.
"""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml import etree

from extractors.websites.literals import object_after
from extractors.websites.pages import HtmlPage
from extractors.websites.rows import ListPage, Row, distinct, row_in

_PER_PAGE = 15
_PAGES_AT_ONCE = 3


class Hanweb:
    name = "hanweb"

    def recognises(self, page: HtmlPage) -> bool:
        return _is_data(page) or "<datastore" in _inline(page)

    def read(self, page: HtmlPage, now: datetime) -> ListPage | None:
        store = _parsed(page.html if _is_data(page) else _inline(page))
        if store is None or store.find(".//recordset") is None:
            return None
        records = [record.text or "" for record in store.iterfind(".//record")]
        rows = distinct(row for record in records if (row := _row(page, record, now)))
        next_url, is_last = _following(page, store, len(records))
        return ListPage(self.name, rows, next_url, is_last)


def _is_data(page: HtmlPage) -> bool:
    return urlsplit(page.url).path.endswith("dataproxy.jsp")


def _inline(page: HtmlPage) -> str:
    scripts = page.tree.css('script[type="text/xml"]')
    return next((text for script in scripts if "<datastore" in (text := script.text())), "")


def _parsed(xml: str) -> etree._Element | None:
    """Hostile or broken XML: no entities, no network, what can be read of it."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(xml.strip().encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _row(page: HtmlPage, record: str, now: datetime) -> Row | None:
    # A row of a table loses its tags outside of one.
    html = f"<table>{record}</table>" if record.lstrip().lower().startswith("<tr") else record
    fragment = HtmlPage(page.url, html)
    return row_in(fragment, fragment.tree.body, now) if fragment.tree.body is not None else None


def _following(page: HtmlPage, store: etree._Element, count: int) -> tuple[str | None, bool]:
    widget = object_after(page.scripts, "jpageParam") or object_after(page.scripts, "jpage") or {}
    address: str | None = page.url
    if not _is_data(page):
        link = HtmlPage(page.url, store.findtext(".//nextgroup") or "").tree.css_first("a[href]")
        address = page.absolute(link.attributes.get("href")) if link is not None else None
    parts = urlsplit(address or "")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    first = _whole(query.get("startrecord")) or 1 if _is_data(page) else 1
    total = _whole(store.findtext(".//totalrecord") or widget.get("totalRecord"))
    if count == 0 or (total is not None and first + count > total):
        return None, True
    if address is None:
        return None, False
    per_page = _whole(query.get("perpage") or widget.get("perPage")) or _PER_PAGE
    start = first + count
    asked = {"startrecord": start, "endrecord": start + per_page * _PAGES_AT_ONCE - 1, "perpage": per_page}
    query.pop("page", None)
    return parts._replace(query=urlencode(query | {k: str(v) for k, v in asked.items()})).geturl(), False


def _whole(value: object) -> int | None:
    text = "" if value is None else str(value).strip()
    return int(text) if text.isdecimal() else None
