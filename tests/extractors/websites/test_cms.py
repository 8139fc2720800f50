"""The systems that governments use, read page by page from bytes that are written down here."""

import json
from datetime import UTC, date, datetime

import pytest

from extractors.websites.cms.gkmlpt import tree
from extractors.websites.lists import read_headlines, read_list
from extractors.websites.literals import object_after
from extractors.websites.pages import HtmlPage, decode
from extractors.websites.paging import next_link
from extractors.websites.rows import ListAt, ListPage

NOW = datetime(2021, 4, 1, 1, tzinfo=UTC)
HOST = "http://www.hecheng.gov.cn"
FRAME = """<html><body><div id="app"></div><script>
window._CONFIG = { DEBUG: parseInt('0') || 0, SID: '763001', /* the tree */ TREE: [
 { id: 5001, name: '政策文件', jump_url: '', post_count: 2, children: [{"id": 5011, "name": "解读"}] },
 { id: 5003, name: '年报', jump_url: 'http://www.hecheng.gov.cn/nb/', post_count: 0, children: [], }, ] };
</script></body></html>"""
RECORDS = (
    "<record><![CDATA[<li><a title='检查的通知' href='/art/2021/3/30/art_76_2.html'>检查…</a>"
    "<b>2021-03-30</b></li>]]></record>"
    "<record><![CDATA[<tr><td><a href='/art/2021/3/9/art_76_1.html'>公示</a></td>"
    "<td>2021-03-09</td></tr>]]></record>"
)
PROXY = "/module/web/jpage/dataproxy.jsp?page=1&appid=1&webid=25&path=/&columnid=76&unitid=2"
HANWEB = (
    "<html><body><div><script type='text/xml'><datastore><nextgroup>"
    f'<![CDATA[<a href="{PROXY}"></a>]]></nextgroup><recordset>{RECORDS}</recordset></datastore>'
    "</script></div>"
    "<script>$('#76').jpage({perPage: 15, totalRecord: 9, proxyUrl: '/x'})</script></body></html>"
)


def listed(html: str, url: str, above: tuple[date, ...] = ()) -> ListPage:
    found = read_list(HtmlPage(url, html), NOW, above)
    assert isinstance(found, ListPage)
    return found


def days(found: ListPage) -> list[str | None]:
    return [f"{row.day.day}" if row.day else None for row in found.rows]


def test_gkmlpt_is_read_from_its_data() -> None:
    frame = HtmlPage(f"{HOST}/gkmlpt/index", FRAME)
    column = read_list(frame.at_fragment(f"{HOST}/gkmlpt/index#5001"), NOW)
    assert column == ListAt("gkmlpt", f"{HOST}/gkmlpt/api/all/5001?page=1&sid=763001")
    assert [(node.number, node.name, node.depth, bool(node.jump_url)) for node in tree(frame)] == [
        (5001, "政策文件", 1, False), (5011, "解读", 2, False), (5003, "年报", 1, True),
    ]  # fmt: skip
    assert read_list(HtmlPage(frame.url, FRAME.replace("SID", "sid")), NOW) is None, (
        "a frame that has changed"
    )


def gkmlpt_answer(count: int, total: int) -> str:
    first = 1617066722  # 2021-03-30 09:12:02 +08:00
    article = {
        "title": "方案的通知", "first_publish_time": first, "display_publish_time": first - 9_000_000,
        "date": first - 99_000_000, "created_at": "2021-03-30 09:10:00",
    }  # fmt: skip
    articles = [article | {"url": f"{HOST}/gkmlpt/content/1/1/post_{n}.html"} for n in range(count)]
    return json.dumps({"articles": articles, "total": total})


def test_gkmlpt_counts_first_publication_and_pages_by_the_hundred() -> None:
    url = f"{HOST}/gkmlpt/api/all/5001?page=1&sid=763001"
    first = listed(gkmlpt_answer(100, 101), url)
    assert first.rows[0].at == datetime(2021, 3, 30, 1, 12, 2, tzinfo=UTC), (
        "not what is displayed, nor signed"
    )
    assert (first.next_url, first.is_last) == (url.replace("page=1", "page=2"), False)
    second = listed(gkmlpt_answer(1, 101), url.replace("page=1", "page=2"))
    assert (second.next_url, second.is_last) == (None, True)
    assert listed(gkmlpt_answer(0, 0), url).rows == (), "an empty column, said by the data"
    for broken in (
        "<html>busy</html>",
        "[]",
        '{"articles": [{}], "total": 1}',
        '{"articles": null, "total": 0}',
    ):
        assert read_list(HtmlPage(url, broken), NOW) is None


def test_hanweb_rows_are_in_a_script() -> None:
    first = listed(HANWEB, f"{HOST}/col/col76/index.html")
    assert first.reader == "hanweb"
    assert [row.title for row in first.rows] == ["检查的通知", "公示"]
    assert days(first) == ["2021-03-30", "2021-03-09"]
    assert first.next_url is not None
    assert "startrecord=3&endrecord=47&perpage=15" in first.next_url
    xml = f"<datastore><totalrecord>4</totalrecord><recordset>{RECORDS}</recordset></datastore>"
    group = listed(f"<?xml version='1.0'?>{xml}", first.next_url)
    assert (days(group), group.is_last) == (["2021-03-30", "2021-03-09"], True)
    none = HANWEB.replace(RECORDS, "").replace("totalRecord: 9", "totalRecord: 0")
    assert listed(none, f"{HOST}/col/col76/").rows == ()
    assert listed(none, f"{HOST}/col/col76/").is_last


def test_hanweb_survives_hostile_xml() -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]><datastore><recordset>&a;</recordset>'
    assert listed(bomb, f"{HOST}{PROXY}").rows == ()
    assert read_list(HtmlPage(f"{HOST}{PROXY}", "no xml at all"), NOW) is None


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ("var a = {b: 1, 'c': \"x\\'y\"};", {"b": 1, "c": "x'y"}),
        ("a = {d: [1, -2.5, true, null]}", {"d": [1, -2.5, True, None]}),
        ("a({u: '\\u5408', n: f(1, '}') || 2, /* } */ e: {}, })", {"u": "合", "n": None, "e": {}}),
        ("a = {b: 'cut", None),
        ("a = [1]", None),
        ("a = " + "{a:" * 99 + "1" + "}" * 99, None),
    ],
)  # fmt: skip
def test_object_literals(script: str, value: object) -> None:
    assert object_after(script, "a") == value


@pytest.mark.parametrize(
    ("pager", "following", "is_last"),
    [
        ("<a href='list_2.html'>下一页</a>", "list_2.html", False),
        ("<a title='下一页' href='?page=2'>&gt;</a>", "?page=2", False),
        ("<a rel='next' href='p2'>后页</a>", "p2", False),
        ("<span>1</span><a href='b'>2</a><a href='c'>3</a>", "b", False),
        ("<a href='a'>1</a><b>2</b><a href='c'>3</a>", "c", False),
        ("<a href='a'>1</a><a href='b'>2</a><strong>3</strong>", None, True),
        ("<a href='?page=1'>上一页</a> 第 2 / 2 页 下一页", None, True),
        ("第 1 / 2 页 下一页", None, False),
        ("<div class='page'><a href='a'>上一页</a><span>下一页</span></div>", None, True),
        ("<a href='javascript:go(2)'>下一页</a>", None, False),
        ("<a onclick='go(2)'>下一页</a>", None, False),
        ("<script>createPageHTML(3, 0, 'index', 'html', 300)</script>", "index_1.html", False),
        ("<script>createPageHTML(3, 2, 'index', 'html')</script>", None, True),
        ("", None, True),
    ],
)
def test_paging_forms(pager: str, following: str | None, is_last: bool) -> None:
    page = HtmlPage(f"{HOST}/tzgg/here", f"<ul><li><a href='x'>一条</a></li></ul><div>{pager}</div>")
    assert next_link(page) == (page.absolute(following), is_last)


def rows(*cells: str) -> str:
    return (
        "<ul>"
        + "".join(f"<li><a href='a{n}'>合成条目{n}</a> {cell}</li>" for n, cell in enumerate(cells))
        + "</ul>"
    )


def test_days_printed_as_calendar_leaves() -> None:
    leaves = "".join(
        f"<div class='wz'><div><b>{day}</b><i>{month}</i></div><p>2019年1月1日起施行</p>"
        f"<a href='{day}'>合成条目</a></div>"
        for day, month in (("30", "2021-03"), ("05", "2021/03"), ("1日", "2020年12月"))
    )
    assert days(listed(f"<div>{leaves}</div>", f"{HOST}/zc/")) == ["2021-03-30", "2021-03-05", "2020-12-01"]


def test_days_without_a_year_over_more_than_one() -> None:
    walked = rows("(03-30)", "(01-02)", "(11-20)", "(05-06)", "(02-14)", "(11-11)")
    first = listed(walked, f"{HOST}/tz/")
    assert days(first) == ["2021-03-30", "2021-01-02", "2020-11-20", "2020-05-06", "2020-02-14", "2019-11-11"]
    above = tuple(row.day.day for row in first.rows if row.day)
    assert days(listed(rows("(09-01)", "(06-01)", "(02-01)"), f"{HOST}/tz/p2", above)) == [
        "2019-09-01", "2019-06-01", "2019-02-01",
    ]  # fmt: skip
    pinned = listed(rows("(06-01)", "(03-30)", "(03-20)"), f"{HOST}/tz/")
    assert days(pinned) == ["2020-06-01", "2021-03-30", "2021-03-20"], "an old one on top makes nothing old"


@pytest.mark.parametrize("path", ["2021/3/30/", "202103/30/", "2021-03/30/", "2021/0330/", "20210330/"])
def test_days_that_only_the_address_tells(path: str) -> None:
    html = "<ul>" + "".join(f"<li><a href='{path}c_{n}.htm'>合成条目{n}</a></li>" for n in range(3)) + "</ul>"
    assert days(listed(html, f"{HOST}/yw/")) == ["2021-03-30"] * 3


def test_the_last_page_of_an_unknown_system_may_hold_one_row() -> None:
    one = rows("2021-03-01")
    assert read_list(HtmlPage(f"{HOST}/tz/", one), NOW) is None, "too little to be called a list"
    assert days(listed(one, f"{HOST}/tz/p3", (date(2021, 3, 2),))) == ["2021-03-01"]


def test_a_server_that_claims_latin() -> None:
    html = "<meta charset='gb2312'><title>合成区政务公开网</title>"
    as_a_browser_gives_it = html.encode("gbk").decode("latin-1").encode()
    for body in (html.encode("gbk"), as_a_browser_gives_it, html.encode()):
        assert decode(body, "text/html; charset=ISO-8859-1") == html
    assert decode("Ünïcode ¢".encode(), "text/html; charset=utf-8") == "Ünïcode ¢"


def test_headlines_are_no_navigation() -> None:
    news = "".join(
        f"<li><a href='/yw/{n}.html' title='合成县召开春耕现场会第{n}次'>…</a></li>" for n in range(3)
    )
    ways = "".join(f"<li><a href='/fw/index{n}.html'>市场主体准入服务专区办理</a></li>" for n in range(3))
    named = "".join(f"<li><a href='/l{n}.html'>政策文件</a></li>" for n in range(9))
    html = f"<div class='nav'><ul>{news}</ul></div><ul>{news}</ul><ul>{ways}</ul><ul>{named}</ul>"
    assert len(read_headlines(HtmlPage(f"{HOST}/", html))) == 3
    assert read_headlines(HtmlPage(f"{HOST}/", f"<ul>{ways}{named}</ul>")) == ()
