"""TRS WCM (拓尔思): ``div.list > ul > li > span + a[href="./202103/t20210330_1.html"]``."""

import re
from datetime import datetime

from extractors.websites.pages import HtmlPage
from extractors.websites.paging import next_link
from extractors.websites.rows import ListPage, distinct, row_in

# createPageHTML(number of pages, this page from 0, "index", "html")
_PAGER = re.compile(
    r"createPageHTML\(\s*(?P<pages>\d+)\s*,\s*(?P<current>\d+)\s*,"
    r"\s*['\"](?P<name>[\w-]+)['\"]\s*,\s*['\"](?P<extension>\w+)['\"]\s*\)"
)


class Trs:
    name = "trs"

    def recognises(self, page: HtmlPage) -> bool:
        return "createPageHTML(" in page.scripts

    def read(self, page: HtmlPage, now: datetime) -> ListPage | None:
        lists = page.tree.css("div.list > ul")
        if not lists:
            return None
        rows = distinct(row for node in lists for li in node.css("li") if (row := row_in(page, li, now)))
        next_url, is_last = self._following(page)
        return ListPage(self.name, rows, next_url, is_last)

    def _following(self, page: HtmlPage) -> tuple[str | None, bool]:
        pager = _PAGER.search(page.scripts)
        if pager is None:
            return next_link(page)
        following = int(pager["current"]) + 1  # counted from 0, so index_1.html is the second page
        if following >= int(pager["pages"]):
            return None, True
        return page.absolute(f"{pager['name']}_{following}.{pager['extension']}"), False
