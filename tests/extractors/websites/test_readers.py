"""Lists, home pages, states and dates of government sites, read from bytes alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.outcomes import Outcome
from extractors.periods import SHANGHAI
from extractors.websites.classify import classify_page
from extractors.websites.dates import claimed_time, day_from_url, whole_day
from extractors.websites.identity import Identity
from extractors.websites.lists import read_home, read_list
from extractors.websites.pages import HtmlPage, article_time, decode
from extractors.websites.windows import Dated, State, Window, edge_rows, reach_of, states

NOW = datetime(2021, 4, 1, 1, tzinfo=UTC)
HOST = "www.example.gov.cn"
META = (
    '<meta name="SiteName" content="示例县政府网"><meta name="sitedomain" content="www.example.gov.cn">'
    '<meta name="SITEIDCODE" content="4400000001">'
)
NFCMS = f"""<html><head>{META}<meta name="ColumnName" content="通知公告"></head><body>
<div class="nav"><ul><li><a href="/">首页</a><span>2021-03-31</span></li></ul></div>
<ul class="news_list">
<li><a href="http://{HOST}/zwgk/tzgg/content/post_11.html" title="放假通知">放假…</a>
 <span class="time">2021-03-30</span></li>
<li><a href="/zwgk/tzgg/content/post_10.html" title="招聘公告">招聘公告</a><img src="new.gif">
 <span class="time">2021-03-18</span></li>
<li><a href="https://mp.weixin.qq.com/s/EXAMPLE" title="转载省公告">转载</a>
 <span class="time">2021-03-11</span></li>
</ul><div class="page"><a class="next" href="index_2.html">下一页</a></div>
<script>NFCMS_SITE_ID = '763001';</script></body></html>"""
TRS = f"""<html><head>{META}</head><body><div class="list"><ul>
<li><span class="date">2021-03-30</span><a href="./202103/t20210330_2.html" title="召开会议">召开会议</a></li>
<li><span class="date">2021-03-12</span><a href="./202103/t20210312_1.html" title="植树活动">植树活动</a></li>
</ul></div><div class="page"><script>createPageHTML(3, 1, "index", "html");</script></div></body></html>"""


def page(html: str, url: str = f"http://{HOST}/zwgk/tzgg/") -> HtmlPage:
    return HtmlPage(url, html)


def test_nfcms_list() -> None:
    listed = read_list(page(NFCMS), NOW)
    assert listed is not None
    assert [(row.title, row.day.day if row.day else None) for row in listed.rows] == [
        ("放假通知", date(2021, 3, 30)),
        ("招聘公告", date(2021, 3, 18)),
        ("转载省公告", date(2021, 3, 11)),
    ], "titles from the attribute, the day beside it, links to elsewhere kept, navigation left out"
    assert listed.rows[1].url == f"http://{HOST}/zwgk/tzgg/content/post_10.html"
    assert listed.next_url == f"http://{HOST}/zwgk/tzgg/index_2.html"
    assert not listed.is_last


def test_trs_list_pages_from_zero() -> None:
    listed = read_list(page(TRS, f"http://{HOST}/gzdt/index_1.html"), NOW)
    assert listed is not None
    assert listed.rows[0].url == f"http://{HOST}/gzdt/202103/t20210330_2.html"
    assert listed.next_url == f"http://{HOST}/gzdt/index_2.html"
    last = read_list(page(TRS.replace("(3, 1,", "(2, 1,"), f"http://{HOST}/gzdt/index_1.html"), NOW)
    assert last is not None
    assert last.is_last


def test_an_empty_list_is_not_a_missing_one() -> None:
    html = f'<html><head>{META}</head><body><ul class="news_list"></ul>'
    html += "<script>NFCMS_SITE_ID = '763001';</script></body></html>"
    listed = read_list(page(html), NOW)
    assert listed is not None
    assert listed.rows == ()
    assert read_list(page(html.replace("<ul class", "<div class").replace("</ul>", "</div>")), NOW) is None


def test_a_gbk_page_is_decoded() -> None:
    html = NFCMS.replace(
        "<head>", '<head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
    )
    listed = read_list(page(decode(html.encode("gbk"), "text/html")), NOW)
    assert listed is not None
    assert listed.rows[0].title == "放假通知"


def test_a_home_page_gives_its_dated_rows() -> None:
    html = (
        f"<html><head>{META}</head><body><div class='nav'><a href='/'>03-31</a></div><ul>"
        "<li><a href='/a/1.html'>春耕现场会</a><span>03-30</span></li>"
        "<li><a href='/a/2.html'>岁末年终总结</a><span>[12-30]</span></li>"
        "<li><a href='/a/3.html'>防汛工作部署</a><span>2021年3月29日</span></li></ul></body></html>"
    )
    days = [row.day.day for row in read_home(page(html, f"http://{HOST}/"), NOW) if row.day]
    assert days == [date(2021, 3, 30), date(2020, 12, 30), date(2021, 3, 29)]


@pytest.mark.parametrize("name", ["PubDate", "pubdate", "PUBDATE"])
def test_pubdate_in_any_case_is_shanghai_time(name: str) -> None:
    claimed = article_time(page(f'<meta name="{name}" content="2021-03-17 23:59">'))
    assert claimed is not None
    assert claimed.at == datetime(2021, 3, 17, 15, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "url", "html", "outcome"),
    [
        (200, f"http://{HOST}/", NFCMS, Outcome.OK_COMPLETE),
        (521, f"http://{HOST}/", "<script>document.cookie='x'</script>", Outcome.UNREACHABLE),
        (412, f"http://{HOST}/", "<script>$_ts=window['$_ts']</script>", Outcome.UNREACHABLE),
        (200, f"http://{HOST}/", "<title>访问被拦截</title><h1>您的访问被阻断</h1>", Outcome.UNREACHABLE),
        (403, f"http://{HOST}/", "forbidden", Outcome.UNREACHABLE),
        (429, f"http://{HOST}/", "", Outcome.RATE_LIMITED),
        (404, f"http://{HOST}/", "x", Outcome.NOT_FOUND),
        (200, f"http://{HOST}/", "   ", Outcome.UNREACHABLE),
        (200, "http://www.other.gov.cn/", NFCMS, Outcome.IDENTITY_MISMATCH),
        (200, f"http://{HOST}/", NFCMS.replace("4400000001", "4499999999"), Outcome.IDENTITY_MISMATCH),
        (
            200,
            f"http://{HOST}/",
            '<meta http-equiv="refresh" content="5;url=http://www.other.gov.cn/">迁移',
            Outcome.IDENTITY_MISMATCH,
        ),
    ],
)
def test_what_a_page_says_about_itself(status: int, url: str, html: str, outcome: Outcome) -> None:
    assert classify_page(status, url, HOST, page(html, url), Identity("4400000001"))[0] is outcome


@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)))
def test_every_printed_form_reads_back(day: date) -> None:
    for form in ("{0}-{1:02}-{2:02}", "{0}/{1}/{2}", "{0}.{1}.{2}", "{0}年{1}月{2}日", "[{0}-{1:02}-{2:02}]"):
        claimed = whole_day(form.format(day.year, day.month, day.day), NOW)
        assert claimed is not None
        assert claimed.day == day
    trs = day_from_url(f"http://{HOST}/a/t{day:%Y%m%d}_1.html")
    assert trs is not None
    assert trs.day == day
    timed = claimed_time(f"{day} 09:15", "pubdate")
    assert timed is not None
    assert timed.at == datetime(day.year, day.month, day.day, 9, 15, tzinfo=SHANGHAI)


@given(st.datetimes(datetime(2010, 1, 1), datetime(2090, 1, 1)), st.integers(0, 364))  # noqa: DTZ001
def test_a_day_without_a_year_is_the_latest_such_day(naive: datetime, back: int) -> None:
    now = naive.replace(tzinfo=SHANGHAI)
    day = now.date() - timedelta(days=back)
    claimed = whole_day(f"{day.month:02}-{day.day:02}", now)
    if (day.month, day.day) != (2, 29):
        assert claimed is not None
        assert claimed.day == day


def test_window_edges_of_days() -> None:
    noon = datetime(2021, 3, 31, 12, tzinfo=SHANGHAI)
    window = Window(days=14)
    edge, inside, outside = Dated(date(2021, 3, 17)), Dated(date(2021, 3, 18)), Dated(date(2021, 3, 16))
    assert [d.lies_in(window.opens(noon), noon) for d in (edge, inside, outside)] == [None, True, False]
    assert edge_rows([window], [noon], [edge, outside]) == [0], "only the edge's article must be opened"
    assert states([window], [noon], [inside], None, ended=False) == [State.UPDATED]
    assert states([window], [noon], [outside], date(2021, 3, 16), ended=False) == [State.IDLE]
    assert states([window], [noon], [], None, ended=False) == [State.OPEN], "nothing seen proves nothing"
    exact = Dated(date(2021, 3, 17), datetime(2021, 3, 17, 12, tzinfo=SHANGHAI))
    assert exact.lies_in(window.opens(noon), noon) is False, "exactly T − 14 d is outside"


def test_a_list_sorted_by_hand_reaches_nowhere() -> None:
    assert reach_of([date(2021, 3, 3), date(2021, 3, 2), date(2021, 3, 1)]) == date(2021, 3, 1)
    assert reach_of([date(2021, 3, 1), date(2021, 3, 2), date(2021, 3, 3)]) is None
    assert reach_of([]) is None
