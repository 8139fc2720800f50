"""The link to a list's next page, in the forms that systems write it. Pure."""

import re

from selectolax.lexbor import LexborNode

from extractors.websites.pages import HtmlPage, squeeze, text_nodes

_NEXT_WORDS = frozenset({"下一页", "下页", "后一页", "后页", "下一页>", "下一页>>", "下一页»", "下页>"})
_BACK_WORDS = frozenset({"上一页", "上页", "前一页", "前页", "首页"})
# Signs that more may follow by a script: then the end of the list is not shown.
_MORE_WORDS = ("下一页", "下页", "加载更多", "查看更多")
_NUMBER_TAGS = frozenset({"a", "span", "b", "strong", "em", "font"})
# TRS WCM: createPageHTML(number of pages, this page from 0, "index", "html")
_TRS = re.compile(
    r"createPageHTML\(\s*(?P<pages>\d+)\s*,\s*(?P<current>\d+)\s*,"
    r"\s*['\"](?P<name>[\w-]+)['\"]\s*,\s*['\"](?P<extension>\w+)['\"]\s*[,)]"
)
_PLACE = re.compile(r"(?P<current>\d+)\s*/\s*(?:共\s*)?(?P<pages>\d+)\s*页")


def next_link(page: HtmlPage) -> tuple[str | None, bool]:
    """``(address of the next page or None, whether the page shows that nothing follows)``.

    A pager may be written by a script that has not run: that nothing follows is certain only of a page at
    rest, or of one without scripts.
    """
    if pager := _TRS.search(page.scripts):
        following = int(pager["current"]) + 1  # counted from 0, so index_1.html is the second page
        if following >= int(pager["pages"]):
            return None, True
        return page.absolute(f"{pager['name']}_{following}.{pager['extension']}"), False
    asked = [anchor for anchor in page.tree.css("a") if _asks_for_next(anchor)]
    for anchor in asked:
        url = page.absolute(anchor.attributes.get("href"))
        if url and url.partition("#")[0] != page.url.partition("#")[0] and "disabled" not in _classes(anchor):
            return url, False
    if asked:
        scripted = any((a.attributes.get("href") or "").startswith("javascript:") for a in asked)
        return None, not scripted and not any("onclick" in a.attributes for a in asked)
    if numbered := _numbered(page):
        return numbered
    return None, _shows_its_end(page)


def _asks_for_next(anchor: LexborNode) -> bool:
    attributes = anchor.attributes
    titles = (squeeze(anchor.text()), (attributes.get("title") or "").strip())
    is_next = (attributes.get("rel") or "").strip().lower() == "next" or "next" in _classes(anchor)
    return is_next or any(title in _NEXT_WORDS for title in titles)


def _numbered(page: HtmlPage) -> tuple[str | None, bool] | None:
    """A row of page numbers of which one, the current page's, is no link."""
    for anchor in page.tree.css("a[href]"):
        if not _number(anchor) or anchor.parent is None:
            continue
        linked: dict[int, LexborNode] = {}
        current: list[int] = []
        for one in anchor.parent.iter():
            if number := _number(one):
                url = page.absolute(one.attributes.get("href")) if one.tag == "a" else None
                if url and url != page.url:
                    linked.setdefault(number, one)
                else:
                    current.append(number)
        if len(current) == 1 and linked and (current[0] - 1 in linked or current[0] + 1 in linked):
            follower = linked.get(current[0] + 1)
            url = page.absolute(follower.attributes.get("href")) if follower is not None else None
            return url, follower is None and current[0] > max(linked)
    return None


def _number(node: LexborNode) -> int | None:
    printed = squeeze(node.text()).strip("[]") if node.tag in _NUMBER_TAGS else ""
    return int(printed) if printed.isdecimal() and 0 < int(printed) < 10_000 else None


def _shows_its_end(page: HtmlPage) -> bool:
    """Whether nothing on the page speaks of more: no word of it, or the words of a last page."""
    text = page.visible_text
    if not any(word in text for word in _MORE_WORDS):
        return True
    if place := _PLACE.search(text):
        return int(place["current"]) >= int(place["pages"])
    # "下一页" that is no link, where the way back is one: the last page.
    back = any(squeeze(anchor.text()) in _BACK_WORDS for anchor in page.tree.css(".page a, .pager a, .fy a"))
    unlinked = page.tree.body is not None and any(
        squeeze(node.text(deep=False)) in _NEXT_WORDS for node in text_nodes(page.tree.body)
    )
    return back and unlinked


def _classes(node: LexborNode) -> list[str]:
    return (node.attributes.get("class") or "").split()
