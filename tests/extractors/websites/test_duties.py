"""Public messages and service guides, as pages print them."""

from datetime import UTC, date, datetime

import pytest

from extractors.websites.messages import channel_links, read_messages
from extractors.websites.pages import HtmlPage
from extractors.websites.services import ELEMENTS, guide_elements, service_links

NOW = datetime(2021, 4, 1, 1, tzinfo=UTC)


def page(body: str, head: str = "") -> HtmlPage:
    return HtmlPage("http://www.hecheng.gov.cn/hd/", f"<html><head>{head}</head><body>{body}</body></html>")


TABLE = """<table><tr><th>编号</th><th>标题</th><th>来信时间</th><th>办理状态</th><th>回复时间</th></tr>
<tr><td>20210001</td><td><a href="detail?id=1" title="关于公交线路的咨询">关于公交…</a></td>
<td>2021-01-05</td><td>已回复</td><td>2021-01-08</td></tr>
<tr><td>20200009</td><td><a href="detail?id=2">关于路灯</a></td>
<td>2020年11月20日 09:30</td><td>办理中</td><td></td></tr>
<tr><td colspan="5">共 2 条</td></tr></table>"""
LINES = """<ul><li><a href="/hd/1.html">关于社保的咨询</a>
<span>留言时间：2021-02-01</span><span>答复时间：</span>
<em>办理状态</em><em>待回复</em></li>
<li><a href="/hd/2.html">关于学位</a>
<span>留言时间：<i>2021-01-02</i></span><span>答复时间：2021-01-04</span></li>
<li><a href="/hd/3.html">关于我们</a></li></ul>"""


def test_a_table_of_messages() -> None:
    first, second = read_messages(page(TABLE), NOW)
    assert (first.message_id, first.asked_on, first.replied_on, first.status) == (
        "20210001", date(2021, 1, 5), date(2021, 1, 8), "已回复",
    )  # fmt: skip
    assert first.url == "http://www.hecheng.gov.cn/hd/detail?id=1"
    assert (second.asked_on, second.replied_on, second.status) == (date(2020, 11, 20), None, "办理中")


def test_a_list_that_labels_what_it_says() -> None:
    first, second = read_messages(page(LINES), NOW)
    assert (first.title, first.asked_on, first.replied_on, first.status) == (
        "关于社保的咨询", date(2021, 2, 1), None, "待回复",
    )  # fmt: skip
    assert (second.asked_on, second.replied_on) == (date(2021, 1, 2), date(2021, 1, 4))


@pytest.mark.parametrize(
    "body",
    [
        "<form>我要写信</form>",
        "<ul><li><a href='/1'>要闻</a><span>2021-03-01</span></li></ul>",
        "<table><tr><th>标题</th><th>来信时间</th></tr><tr><td>甲</td><td>2021-03-01</td></tr></table>",
    ],
)
def test_no_public_list(body: str) -> None:
    """Where nothing tells whether a message was answered, nothing can be said of it."""
    assert read_messages(page(body), NOW) == ()


def test_channels_on_a_home_page() -> None:
    links = (
        "<a href='/zx/'>咨询投诉</a><a href='/xf/'>网上信访</a><a href='/yw/'>要闻</a><a href='#'>留言</a>"
    )
    long = "<a href='/yw/1.html'>我县举办政策咨询活动，现场解答群众关心的问题</a>"
    assert channel_links(page(links + long)) == (
        ("咨询投诉", "http://www.hecheng.gov.cn/zx/"),
        ("网上信访", "http://www.hecheng.gov.cn/xf/"),
    )


def test_the_list_of_service_items() -> None:
    navigation = "<div class='nav'><ul>" + "<li><a href='/a'>政务公开</a></li>" * 9 + "</ul></div>"
    items = "<ul><li><a href='/bs/1.html'>身份证补领</a></li>"
    items += "<li><a href='/bs/2.html' title='户口迁移登记'>户口…</a></li></ul>"
    assert [name for name, _ in service_links(page(navigation + items))] == ["身份证补领", "户口迁移登记"]
    assert service_links(page(navigation)) == ()


def test_a_whole_guide() -> None:
    rows = "".join(f"<tr><th>{element}：</th><td>有</td></tr>" for element in ELEMENTS)
    assert guide_elements(page(f"<table>{rows}</table>")) == (list(ELEMENTS), [])


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<h1>身份证补领</h1>", ["事项名称"]),
        (
            "<p>一、法律依据</p><p>身份证法</p><p>二、受理条件：</p><p>本县居民</p>",
            ["设定依据", "申请条件"],
        ),
        ("<p>办理地点：</p><p>联系电话：0759-0000000</p>", ["联系电话"]),
        ("<dl><dt>办理材料</dt><dd>暂无</dd><dt>办公时间</dt><dd>工作日</dd></dl>", ["办理时间"]),
        ("<ul><li><a href='#1'>办理流程</a></li><li><a href='#2'>办理材料</a></li></ul><p>简介</p>", []),
        ("<p>请按办理流程提交办理材料。</p>", []),
    ],
)
def test_what_a_guide_lacks(body: str, found: list[str]) -> None:
    got, missing = guide_elements(page(body))
    assert got == found
    assert sorted(got + missing) == sorted(ELEMENTS)
