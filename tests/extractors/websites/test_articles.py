"""What an article says of itself, and which articles are opened."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from extractors.records import SiteItem
from extractors.websites.articles import articles_to_open, read_article, with_digits
from extractors.websites.pages import HtmlPage

LONG = (
    "合成县各镇（街）、县直各单位要认真落实春耕备耕各项工作，抓好种子、农药、化肥等农资供应，"
    "确保春耕生产顺利进行，并于本月底之前向县政府办公室报送进展情况。"
)


def article(body: str, head: str = "") -> HtmlPage:
    html = f"<html><head><meta name='SiteName' content='合成县政府网'>{head}</head><body>{body}</body></html>"
    return HtmlPage("http://www.hecheng.gov.cn/yw/content/post_1.html", html)


def text_of(body: str) -> str | None:
    return read_article(article(f"<div class='nfw-cms-content'>{body}</div>")).text_sha256


def test_title_and_time() -> None:
    head = '<meta name="ARTICLETITLE" content="春耕 备耕"><meta name="pubdate" content="2021-03-30 00:30">'
    read = read_article(article("<h1>合成县政府网</h1><h1>另一个</h1>", head))
    assert read.title == "春耕 备耕"
    assert read.published is not None
    assert (read.published.day, read.published.at) == (
        date(2021, 3, 30),
        datetime(2021, 3, 29, 16, 30, tzinfo=UTC),
    ), "the day is a day in Shanghai, though it is another in UTC"
    assert read_article(article("<h1>合成县政府网</h1><h1>春耕</h1>")).title == "春耕"
    assert read_article(article("<p>无题</p>")).title is None


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("<table><tr><th>成文日期：</th><td>2021年03月10日</td></tr></table>", date(2021, 3, 10)),
        ("<p>【成文日期】2021-03-10</p>", date(2021, 3, 10)),
        ("<div id='zoom'><p>通知如下。</p><p>合成县政府</p><p>2021年3月10日</p></div>", date(2021, 3, 10)),
        ("<div id='zoom'><p>通知。</p><p>二〇二一年十二月三十一日</p><p>附件</p></div>", date(2021, 12, 31)),
        ("<div id='zoom'><p>会议将于2021年3月10日召开</p></div>", None),
        ("<table><tr><th>成文日期：</th><td></td></tr></table><p>正文</p>", None),
    ],
)
def test_the_documents_own_day(body: str, day: date | None) -> None:
    assert read_article(article(body)).document_day == day


def test_chinese_numerals() -> None:
    assert with_digits("二○二一年十月二十日") == "2021年10月20日"
    assert with_digits("十一届二次会议") == "十一届二次会议"
    assert with_digits("一九年十十月") == "19年十十月"


def test_a_text_is_the_same_whatever_surrounds_it() -> None:
    plain = text_of(f"<p>{LONG}</p>")
    assert plain is not None
    assert text_of(f"<p>　{LONG[:20]}</p> <p>{LONG[20:]}</p><p>2021年3月9日</p>") == plain
    assert text_of(f"<p>{LONG}另行通知。</p>") != plain
    assert text_of("<p>详见附件。</p>") is None, "many articles say that"
    assert text_of("") is None


def test_the_text_of_an_unknown_system() -> None:
    body = f"<div class='nav'><p>{LONG * 3}</p></div><div><p>{LONG}</p></div><div><p>版权所有</p></div>"
    assert read_article(article(body)).text_sha256 == text_of(f"<p>{LONG}</p>")


def row(number: int, day: date | None, *, opened: bool = False) -> SiteItem:
    url = f"http://www.hecheng.gov.cn/yw/content/post_{number}.html"
    sha = "a" * 64 if opened else None
    return SiteItem("column", "要闻", number, url, "合成", day, "", "", article_sha256=sha)


def test_the_same_few_articles_are_opened_each_time() -> None:
    rows = [row(number, date(2021, 3, 30 - number)) for number in range(20)]
    drawn = articles_to_open(rows, 3, "2021Q1")
    assert len(drawn) == 3
    assert max(drawn) < 9, "of the newest only"
    assert articles_to_open(list(reversed(rows)), 3, "2021Q1") == [19 - place for place in drawn]
    assert articles_to_open(rows, 3, "2021Q2") != drawn
    assert articles_to_open(rows, 0, "2021Q1") == []


def test_every_undated_article_and_none_twice() -> None:
    rows = [row(0, None), row(1, date(2021, 3, 1)), row(2, None, opened=True), row(3, date(2021, 3, 2))]
    assert sorted(articles_to_open(rows, 5, "x")) == [0, 1, 3]
    rows[1] = replace(rows[1], article_sha256="a" * 64)
    assert articles_to_open(rows, 1, "x") == [0], "what is open already counts"
