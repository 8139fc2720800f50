"""The link to a list's next page, as most systems write it."""

from extractors.websites.pages import HtmlPage, squeeze

_NEXT_WORDS = frozenset({"下一页", "下页", "后一页", "下一页>", "下一页>>", "下一页»", "下页>"})
# Signs that more may follow by a script: then the end of the list is not shown.
_MORE_WORDS = ("下一页", "下页", "加载更多", "查看更多")


def next_link(page: HtmlPage) -> tuple[str | None, bool]:
    """``(address of the next page or None, whether the page shows that nothing follows)``."""
    asked = [n for n in page.tree.css("a") if squeeze(n.text()) in _NEXT_WORDS or "next" in _classes(n)]
    for anchor in asked:
        url = page.absolute(anchor.attributes.get("href"))
        if url and url.partition("#")[0] != page.url.partition("#")[0] and "disabled" not in _classes(anchor):
            return url, False
    if asked:
        scripted = any((a.attributes.get("href") or "").startswith("javascript:") for a in asked)
        return None, not scripted and not any("onclick" in a.attributes for a in asked)
    return None, not any(word in page.visible_text for word in _MORE_WORDS)


def _classes(node: object) -> list[str]:
    attributes: dict[str, str | None] = getattr(node, "attributes", {})
    return (attributes.get("class") or "").split()
