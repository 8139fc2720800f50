"""NFCMS, the Guangdong common platform (广东集约化平台): ``ul.news_list > li > a + span.time``."""

from datetime import datetime

from extractors.websites.pages import HtmlPage
from extractors.websites.paging import next_link
from extractors.websites.rows import ListPage, distinct, row_in


class Nfcms:
    name = "nfcms"

    def recognises(self, page: HtmlPage) -> bool:
        return (
            page.tree.css_first("ul.news_list") is not None
            or "NFCMS_SITE_ID" in page.scripts
            or page.tree.css_first('a[href*="/content/post_"]') is not None
        )

    def read(self, page: HtmlPage, now: datetime) -> ListPage | None:
        lists = page.tree.css("ul.news_list")
        if not lists:
            return None
        rows = distinct(row for node in lists for li in node.css("li") if (row := row_in(page, li, now)))
        # Page 2 is index_2.html. The last page's "下一页" is missing or leads to itself.
        next_url, is_last = next_link(page)
        return ListPage(self.name, rows, next_url, is_last)
