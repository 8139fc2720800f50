"""A site's own ways in to its columns, and what kind of column a page is. Pure: from pages to proposals.

What comes out is a proposal for a person to edit, never a registry by itself.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median
from urllib.parse import urldefrag, urlsplit

from selectolax.lexbor import LexborNode

from extractors.websites.classify import same_host
from extractors.websites.dates import day_from_url
from extractors.websites.pages import HtmlPage, squeeze
from extractors.websites.rows import in_chrome, link_title

_LONGEST_NAME = 12
_MORE = frozenset({"更多", "更多>>", "更多>", "更多+", "more", "more>>", "more+", "+", ">>"})
_HEADINGS = "h1, h2, h3, h4, h5, .title, .tit, .name"
# Of every site, and of no column.
_NO_COLUMN = (
    "首页", "主页", "登录", "注册", "搜索", "网站地图", "无障碍", "长者", "关怀", "繁體", "繁体", "简体",
    "english", "手机版", "客户端", "微信", "微博", "收藏", "联系我们", "关于我们", "网站介绍", "隐私", "版权",
    "声明", "帮助", "返回", "上一页", "下一页", "尾页", "办事大厅", "友情链接", "rss",
)  # fmt: skip
_FILES = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".zip", ".rar", ".jpg", ".png", ".mp4", ".wps")

# ColumnType (国办发〔2017〕47号) where it says a class; 信息公开 and 概况信息 say none.
_BY_TYPE = (
    ("动态", "news"),
    ("新闻", "news"),
    ("公告", "notice"),
    ("政策", "policy"),
    ("互动", "interaction"),
)
_BY_NAME = (
    ("interaction", "互动 征集 信箱 咨询 留言 访谈 投诉 建言 调查 问政"),
    ("notice", "公告 公示 通知 通告 通报 招聘 招录 人事 预告 采购 招标"),
    ("policy", "政策 文件 法规 规章 规范性 解读 条例 预案"),
    ("news", "要闻 动态 新闻 资讯 快讯 传真 之窗 聚焦 报道 时讯 头条"),
)
# What W4.1 gives these classes, in days; six months are the registry's 180.
_CLAUSE_DAYS = {"news": 14, "notice": 180, "policy": 180}
_PERIODS = (30, 90, 180, 365)
_BUSY_DAYS = 4.0  # between two items of a column that nothing else tells the class of


@dataclass(frozen=True, slots=True)
class Way:
    """A link that may lead to a column: its name there, and how deep it lies (1: the site's own navigation).

    ``is_sure``: the navigation says so; a block on the home page may show a column of any depth.
    """

    name: str
    url: str
    level: int
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Proposal:
    """One row for the registry's ``columns`` table."""

    name: str
    column_class: str
    url: str
    update_within_days: int | None
    level: int


def ways_in(page: HtmlPage, home_url: str, level: int, articles: frozenset[str]) -> tuple[Way, ...]:
    """Links of ``page`` that may lead to columns of the site at ``home_url``, in order, each address once.

    ``articles`` are the addresses that the page shows as items of its lists.
    """
    found: dict[str, Way] = {}
    for anchor in page.tree.css("a[href]"):
        url = page.absolute(anchor.attributes.get("href"))
        if url is None or url in articles or not _may_be_column(url, home_url):
            continue
        name = link_title(anchor)
        if name.lower() in _MORE:
            name = _heading_near(anchor)
        name = plain_name(name)
        if 2 <= len(name) <= _LONGEST_NAME and not any(word in name.lower() for word in _NO_COLUMN):
            is_sure = level > 1 or in_chrome(anchor)
            known = found.get(_same_page(url))
            if known is None or (is_sure and not known.is_sure):
                found[_same_page(url)] = Way(name, url, level, is_sure)
    return tuple(found.values())


def propose(page: HtmlPage, way: Way, days: list[date]) -> Proposal:
    """What the column behind ``way`` seems to be; ``days`` are its items' days as listed."""
    printed = plain_name(page.meta.get("columnname", ""))
    name = printed if 2 <= len(printed) <= 2 * _LONGEST_NAME else way.name
    gap = rhythm(days)
    column_class = class_of(name, page.meta.get("columntype", ""), gap)
    return Proposal(name, column_class, way.url, update_period(column_class, gap), way.level)


def class_of(name: str, column_type: str, gap: float | None) -> str:
    """The class by ``ColumnType`` where it says one, else by the name, else by how often something comes."""
    for word, known in _BY_TYPE:
        if word in column_type:
            return known
    for known, words in _BY_NAME:
        if any(word in name for word in words.split()):
            return known
    return "news" if gap is not None and gap <= _BUSY_DAYS else "other"


def update_period(column_class: str, gap: float | None) -> int | None:
    """Days within which an update may be expected: the clause's own, else by thrice the usual gap.

    None where neither says anything: nobody is held to a period that was made up.
    """
    if column_class in _CLAUSE_DAYS:
        return _CLAUSE_DAYS[column_class]
    if gap is None:
        return None
    return next((days for days in _PERIODS if days >= 3 * gap), _PERIODS[-1])


def rhythm(days: list[date]) -> float | None:
    """The usual number of days between two items; None with fewer than four."""
    ordered = sorted(days, reverse=True)
    if len(ordered) < 4:
        return None
    return float(median((new - old).days for new, old in pairwise(ordered)))


def plain_name(text: str) -> str:
    """A name as one line that no spreadsheet takes for a formula."""
    return "".join(c for c in squeeze(text) if c.isprintable()).strip(" >»·|-=+@'\"[]【】")


def _may_be_column(url: str, home_url: str) -> bool:
    here, home = urlsplit(url), urlsplit(home_url)
    if not same_host(here.hostname or "", home.hostname or "") or not here.path.startswith(
        _folder(home.path)
    ):
        return False
    is_home = _same_page(url) in (_same_page(home_url), _same_page(home_url + "index.html"))
    is_article = day_from_url(url) is not None or "/content/" in here.path or "/art/" in here.path
    return not is_home and not is_article and not here.path.lower().endswith(_FILES)


def _folder(path: str) -> str:
    return path.rpartition("/")[0] + "/"


def _same_page(url: str) -> str:
    """``/zwgk/`` and ``/zwgk/index.html`` are one page; the fragment tells columns of a platform apart."""
    bare, fragment = urldefrag(url)
    for name in ("index.html", "index.htm", "index.shtml"):
        bare = bare.removesuffix(f"/{name}") + "/" if bare.endswith(f"/{name}") else bare
    return f"{bare}#{fragment}"


def _heading_near(anchor: LexborNode) -> str:
    """The heading of the block that a "更多" ends."""
    node = anchor.parent
    for _ in range(3):
        if node is None or node.tag in ("body", "html"):
            break
        heading = node.css_first(_HEADINGS)
        if heading is not None and heading.text().strip():
            return squeeze(heading.text())
        node = node.parent
    return ""
