"""Whole pages in the form that real systems give them, read back row by row; and anything at all survived."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.outcomes import Outcome
from extractors.websites.classify import classify_page
from extractors.websites.identity import Identity
from extractors.websites.lists import read_home, read_list
from extractors.websites.pages import HtmlPage, article_time, decode
from extractors.websites.rows import Row

FIXTURES = Path(__file__).parents[2] / "fixtures" / "websites"
NOW = datetime(2021, 4, 1, 1, tzinfo=UTC)
HOST = "www.hecheng.gov.cn"


def fixture(name: str, url: str = f"http://{HOST}/tzgg/index.html") -> HtmlPage:
    return HtmlPage(url, decode((FIXTURES / f"{name}.html").read_bytes(), "text/html"))


def told(rows: tuple[Row, ...]) -> list[tuple[str, str | None]]:
    """Each row's title, and its day with the rule that read it."""
    return [(row.title, f"{row.day.day} {row.day.rule}" if row.day else None) for row in rows]


def test_a_home_page() -> None:
    rows = read_home(fixture("home", f"http://{HOST}/"), NOW)
    assert told(rows) == [
        ("合成县召开春耕现场会", "2021-03-30 month_day"),
        ("一图读懂合成县年度计划", "2021-03-28 month_day"),
        ("岁末安全检查", "2020-12-30 month_day"),
        ("关于2021年5月1日停水检修的公示", "2021-03-26 slash"),
        ("防汛演练图集", "2021-03-25 url_trs"),
    ], "not the visitor's day, the navigation, a summary's events, the footer or a day inside a title"
    assert rows[1].url == "https://mp.weixin.qq.com/s/SYNTHETIC0001"


LISTS = {
    "list_nfcms": (
        "nfcms",
        ["2021-03-30 dash", "2021-03-18 dash", "2021-03-11 dash"],
        f"http://{HOST}/tzgg/index_2.html",
        False,
    ),
    "list_trs": (
        "trs",
        ["2021-03-30 dash", "2021-03-12 dash", "2021-02-28 dash"],
        f"http://{HOST}/tzgg/index_1.html",
        False,
    ),
    "list_unknown": ("generic", ["2021-03-01 zh", "2021-02-01 zh", "2020-12-01 zh"], None, False),
    "list_empty": ("nfcms", [], None, True),
}


@pytest.mark.parametrize("name", LISTS)
def test_lists(name: str) -> None:
    listed = read_list(fixture(name), NOW)
    assert listed is not None
    days = [day for _, day in told(listed.rows)]
    assert (listed.reader, days, listed.next_url, listed.is_last) == LISTS[name]


def test_relative_links_of_trs() -> None:
    listed = read_list(fixture("list_trs"), NOW)
    assert listed is not None
    assert [row.url for row in listed.rows] == [
        f"http://{HOST}/tzgg/202103/t20210330_903.html",
        f"http://{HOST}/tzgg/202103/t20210312_902.html",
        f"http://{HOST}/xxgk/202102/t20210228_901.shtml",
    ]


def test_another_list_on_the_page_is_not_the_column() -> None:
    assert read_list(fixture("list_missing"), NOW) is None


@pytest.mark.parametrize(
    ("name", "rule"), [("article", "pubdate_dash"), ("article_without_meta", "visible_zh")]
)
def test_articles(name: str, rule: str) -> None:
    claimed = article_time(fixture(name))
    assert claimed is not None
    assert (claimed.at, claimed.rule) == (datetime(2021, 3, 18, 1, 15, tzinfo=UTC), rule)


@pytest.mark.parametrize(
    ("name", "status", "outcome"),
    [
        ("home", 200, Outcome.OK_COMPLETE),
        ("list_empty", 200, Outcome.OK_COMPLETE),
        ("moved", 200, Outcome.IDENTITY_MISMATCH),
        ("waf_block", 200, Outcome.UNREACHABLE),
        ("challenge_521", 521, Outcome.UNREACHABLE),
        ("challenge_521", 200, Outcome.UNREACHABLE),
        ("challenge_412", 412, Outcome.UNREACHABLE),
        ("challenge_412", 202, Outcome.UNREACHABLE),
    ],
)
def test_what_a_page_is(name: str, status: int, outcome: Outcome) -> None:
    page = fixture(name)
    assert classify_page(status, page.url, HOST, page, Identity("4499990001"))[0] is outcome


def test_the_words_of_a_block_page_in_a_real_page_mean_nothing() -> None:
    url = f"http://{HOST}/"
    with_meta = HtmlPage(url, '<meta name="SiteIDCode" content="4499990001"><p>访问被拦截怎么办</p>')
    long = HtmlPage(url, "<p>访问被拦截怎么办</p>" + "<p>政务公开</p>" * 300)
    for page in (with_meta, long):
        assert classify_page(200, url, HOST, page)[0] is Outcome.OK_COMPLETE


def test_the_visitors_clock_is_not_the_articles() -> None:
    page = HtmlPage(
        "http://a.gov.cn/", "<p>当前时间：2021-04-01 09:00</p><p>来源：某局　时间：2021-03-18</p>"
    )
    claimed = article_time(page)
    assert claimed is not None
    assert (claimed.day, claimed.at) == (date(2021, 3, 18), None)


days = st.dates(date(2010, 1, 1), date(2021, 3, 31))
titles = st.text(st.characters(codec="gbk", categories=["Lo", "Nd"]), min_size=4, max_size=30)
lists = st.lists(st.tuples(days, titles), max_size=20, unique_by=lambda row: row[1])


@given(lists, st.booleans())
def test_a_generated_list_reads_back_exactly(rows: list[tuple[date, str]], is_trs: bool) -> None:
    def link(number: int, day: date) -> str:
        return f"./{day:%Y%m}/t{day:%Y%m%d}_{number}.html" if is_trs else f"/tzgg/content/post_{number}.html"

    lines = [
        f'<li><span class="date">{day}</span><a href="{link(number, day)}" title="{title}">{title[:3]}…</a>'
        for number, (day, title) in enumerate(rows)
    ]
    ul = f'<div class="list"><ul>{"".join(lines)}</ul></div>'
    html = (
        f'{ul}<script>createPageHTML(1, 0, "index", "html")</script>'
        if is_trs
        else ul.replace("<ul>", '<ul class="news_list">')
    )
    body = f'<meta http-equiv="Content-Type" content="text/html; charset=gb2312">{html}'.encode("gb18030")
    listed = read_list(HtmlPage(f"http://{HOST}/tzgg/", decode(body, "text/html")), NOW)
    assert listed is not None
    assert [(row.day.day if row.day else None, row.title) for row in listed.rows] == [
        (day, " ".join(title.split())) for day, title in rows
    ]
    assert (listed.next_url, listed.is_last) == (None, True)


marks = st.sampled_from([
    "<ul class=news_list>", "<li>", "</li>", "<a href='", "'>", "</a>", "<div class=list><ul>", "2021-03-30",
    "03-30", "<meta name=PubDate content='", "<meta charset=hex>", "<base href='//[", "<tr>", "[", "99-99",
    "<meta http-equiv=refresh content='0;url=", "createPageHTML(9,0,'x','y')", "http://[::1",
    "0000/00/00", "&#0;",
])  # fmt: skip


@given(st.lists(marks | st.text(max_size=9), max_size=30).map("".join), st.text(max_size=20))
def test_no_page_is_too_broken(html: str, content_type: str) -> None:
    for body in (html.encode("utf-8", "surrogatepass"), html.encode("gb18030", "replace") + b"\xff\xfe"):
        page = HtmlPage(f"http://{HOST}/tzgg/", decode(body, content_type))
        read_list(page, NOW)
        read_home(page, NOW + timedelta(days=30))
        article_time(page)
        classify_page(200, page.url, HOST, page)


@given(
    st.binary(max_size=60),
    st.sampled_from(["utf-8", "gb2312", "hex", "idna", "undefined", "utf-7", "\x00", "x" * 99]),
)
def test_no_charset_is_too_strange(body: bytes, charset: str) -> None:
    assert isinstance(decode(body, f"text/html; charset={charset}"), str)
