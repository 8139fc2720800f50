"""Where each content management system puts its lists, their further pages and its articles.

``cms`` of a site or a column: ``nfcms`` 广东集约化平台, ``trs`` 拓尔思, ``hanweb`` 大汉, ``gkmlpt``
政府信息公开平台, and systems of no known make: ``table`` (ASP, days in brackets), ``cards`` (day and month
apart), ``pathdate`` (the day only in the address), ``ajax`` (rows by script), ``plain`` (month and day only),
``undated`` (no day at all).
"""

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

PAGE_SIZE = {
    "hanweb": 15,
    "gkmlpt": 100,
    "table": 12,
    "cards": 10,
    "pathdate": 18,
    "ajax": 12,
    "plain": 14,
    "undated": 1000,  # no pager at all: one long page
}
USUAL_PAGE_SIZE = 15
# hanweb sends three pages' rows at a time; a reader asks for the next three.
HANWEB_GROUP = 45

# Files of a column's folder that are pages of its list; the group is the number in the name.
_FILES = {
    "nfcms": re.compile(r"(?:index(?:_(\d+))?\.html)?"),
    "trs": re.compile(r"(?:index(?:_(\d+))?\.html)?"),
    "hanweb": re.compile(r"(?:index\.html)?"),
    "cards": re.compile(r"(?:(?:index|list_(\d+))\.shtml)?"),
    "pathdate": re.compile(r"(?:index(?:_(\d+))?\.htm)?"),
    "ajax": re.compile(r"(?:index\.html)?"),
    "plain": re.compile(r"(?:list)?"),
    "undated": re.compile(r"(?:index\.html)?"),
    "table": re.compile(r"list\.asp"),
}
# The number that the second page carries: most count from 1, TRS and this other one from 0.
_SECOND = {"trs": 1, "pathdate": 1}


def page_size(cms: str) -> int:
    return PAGE_SIZE.get(cms, USUAL_PAGE_SIZE)


def category(url: str) -> str:
    """The number of a hanweb or gkmlpt column, as its address says it."""
    parts = urlsplit(url)
    return parts.fragment or re.sub(r"\D", "", parts.path)


def page_asked(cms: str, folder: str, path: str, query: Mapping[str, str]) -> int | None:
    """Which page of a column's list (from 0) an address asks for; None where it is not one of it."""
    match = _FILES[cms].fullmatch(path.removeprefix(folder)) if path.startswith(folder) else None
    if match is None:
        return None
    if match.lastindex is None:
        return max(int(query.get("page", "1")) - 1, 0)
    number = int(match[1]) - _SECOND.get(cms, 2) + 1
    return number if number > 0 else None


def page_file(cms: str, number: int) -> str:
    """The address, relative to its folder, of page ``number`` (from 0) of a list."""
    second = number - 1 + _SECOND.get(cms, 2)
    match cms:
        case "table":
            return f"list.asp?page={number + 1}"
        case "plain":
            return f"list?page={number + 1}"
        case "cards":
            return f"list_{second}.shtml" if number else "index.shtml"
        case "pathdate":
            return f"index_{second}.htm" if number else "index.htm"
        case _:
            return f"index_{second}.html" if number else "index.html"


def article_path(cms: str, folder: str, number: int, at: datetime) -> str:
    match cms:
        case "nfcms":
            return f"{folder}content/post_{number}.html"
        case "trs":
            return f"{folder}{at:%Y%m}/t{at:%Y%m%d}_{number}.html"
        case "hanweb":
            return f"/art/{at.year}/{at.month}/{at.day}/art_{category(folder)}_{number}.html"
        case "gkmlpt":
            return f"/gkmlpt/content/1/{number // 1000}/post_{number}.html"
        case "cards":
            return f"{folder}detail_{number}.shtml"
        case "pathdate":
            return f"{folder}{at:%Y%m}/{at:%d}/c_{number}.htm"
        case "table":
            return f"{folder}show/{number}.asp"
        case _:
            return f"{folder}{number}.html"
