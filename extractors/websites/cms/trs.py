"""TRS WCM (拓尔思): ``div.list > ul > li > span + a[href="./202103/t20210330_1.html"]``."""

from datetime import datetime

from extractors.websites.pages import HtmlPage
from extractors.websites.paging import next_link
from extractors.websites.rows import ListPage, distinct, row_in


class Trs:
    name = "trs"

    def recognises(self, page: HtmlPage) -> bool:
        return "createPageHTML(" in page.scripts

    def read(self, page: HtmlPage, now: datetime) -> ListPage | None:
        lists = page.tree.css("div.list > ul")
        if not lists:
            return None
        rows = distinct(row for node in lists for li in node.css("li") if (row := row_in(page, li, now)))
        return ListPage(self.name, rows, *next_link(page))
