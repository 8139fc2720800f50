"""The circular and its annexes, against the model circular and against hostile names."""

import csv
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from marts_tables import PERIOD, POINT, Marts, Subject
from published_case import STALE, model_quarter, publish

from errors import UserError
from reports.circular import CircularFiles, write_circular
from reports.wording import ordinal_zh, span_zh
from settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def model(settings: Settings) -> CircularFiles:
    publish(settings, Marts(model_quarter()), ("采集成功率不足 95%。",))
    return write_circular(settings, PERIOD)


def cells(path: Path) -> list[list[str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def words(path: Path) -> str:
    """The text a reader sees, without tags and without the breaks of the source."""
    text = re.sub(r"<style>.*?</style>", "", path.read_text("utf-8"), flags=re.S)
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", text)).replace("**", "")


def test_annex_1_is_the_printed_one(model: CircularFiles) -> None:
    assert cells(model.annex1) == [
        ["序号", "网站名称", "主办单位", "存在的突出问题"],
        ["1", "坡头区政府网", "坡头区人民政府", "多个栏目长期未更新"],
        ["2", "麻章区政府网", "麻章区人民政府", "内容发布审核不严（伪造发稿日期）"],
        ["3", "湛江市人民政府地方志办公室", "湛江市人民政府地方志办公室", "空白栏目数量超过5个"],
        ["4", "市民政局", "市民政局", "内容发布审核不严（文不对题）"],
    ]


def test_annex_2_is_the_printed_one(model: CircularFiles) -> None:
    assert cells(model.annex2) == [
        ["序号", "新媒体名称", "主办单位", "第三方平台", "存在的突出问题"],
        ["1", "湛江市e警通", "市公安局", "抖音短视频", STALE],
        ["2", "湛江霞山交警", "市公安局", "抖音短视频", STALE],
        ["3", "湛江交警", "市公安局", "快手短视频", STALE],
        ["4", "湛江市赤坎区应急管理局", "赤坎区政府", "微信号", "缺有效互动渠道菜单功能"],
        ["5", "麻章风采", "麻章区政府", "新浪微博", STALE],
        ["6", "平安徐闻", "徐闻县政府", "微信号", STALE],
    ]


@pytest.mark.parametrize("file", ["html", "markdown"])
def test_what_the_circular_says(model: CircularFiles, file: str) -> None:
    text = words(getattr(model, file))
    for expected in (
        "关于2021年第一季度全市政府网站与政务新媒体检查情况的通报",
        "政府网站47个，其中门户网站11个、独立站点5个、子频道31个",
        "不合格7个（单项否决4个，评分不达标3个），总体合格率85%。",
        "独立站点合格率100%",
        "216个政务新媒体进行了检查。合格210个，不合格6个，总体合格率97.2%。",
        "“麻章区政府网”内容发布审核不严（伪造发稿日期）；“市民政局”内容发布审核不严（文不对题）。",
        "5个政务新媒体存在此类问题（指标M2.1：监测时间点前2周内无更新）：“湛江市e警通”抖音短视频、"
        "“湛江霞山交警”抖音短视频、“湛江交警”快手短视频、“麻章风采”新浪微博、“平安徐闻”微信号"
        "检测时间点前2周无更新。",
        "评分低于60分的网站",
        "本次检查的对象均已判定。",
        "监测时间点：2021-03-3123:59:59（北京时间）",
        "发布于2021-05-1110:00:00（北京时间）",
        "共采集263次，涉及263个对象",
        "数据检验提醒：采集成功率不足95%。",
        "注：检查采样时间为2021年1月1日至3月31日",
        "《政府网站与政务新媒体检查指标》（国办秘函〔2019〕19号）",
    ):
        assert expected in text, expected
    assert "暂定" not in text
    first, _, annexes = text.rpartition("附件1：")
    assert first.count("合成门户") == 3
    assert "合成" not in annexes


def test_every_undetermined_subject_is_named_with_its_reason(settings: Settings) -> None:
    subjects = model_quarter()
    subjects[10].open = {"M2.1": "出现验证码"}
    publish(settings, Marts(subjects))
    files = write_circular(settings, PERIOD)
    for text in (words(files.html), words(files.markdown)):
        assert "总体合格率97.2%（暂定：另有1个账号未能判定）" in text
        assert "以下1个对象因故未能判定" in text
        assert "M2.1出现验证码" in text
    assert "合成账号4" in files.html.read_text("utf-8")


def test_several_problems_of_one_subject_are_one_row(settings: Settings) -> None:
    both = {"M2.1": STALE, "M3.1": "缺菜单"}
    marts = Marts(
        [Subject("account", "a", "甲", "乙局", "weibo", both), Subject("website", "w", "丙", "丁", "portal")]
    )
    later = [
        row | {"monitoring_point": POINT - timedelta(days=30)} for row in marts.tables["marts.fct_findings"]
    ]
    marts.tables["marts.fct_findings"] += later
    publish(settings, marts)
    files = write_circular(settings, PERIOD)
    assert cells(files.annex2)[1:] == [["1", "甲", "乙局", "新浪微博", f"{STALE}；缺菜单"]]
    assert cells(files.annex1)[1:] == []
    assert "无" in words(files.html).rpartition("附件1：")[2]


HOSTILE = [
    '<script>alert("1")</script>',
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "a|b\n# c [d](e)",
]


def test_hostile_names_do_nothing(settings: Settings) -> None:
    subjects = [
        Subject("account", f"a{n}", name, name, "weibo", {"M2.1": STALE}) for n, name in enumerate(HOSTILE)
    ] + [Subject("website", "w", HOSTILE[0], HOSTILE[0], "portal", open={"W3": HOSTILE[0]})]
    publish(settings, Marts(subjects))
    files = write_circular(settings, PERIOD)
    page = files.html.read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    text = files.markdown.read_text("utf-8")
    assert "<script" not in text
    assert "a\\|b # c \\[d\\](e)" in text
    assert [row[1] for row in cells(files.annex2)[1:]] == [
        HOSTILE[0],
        *[f"'{name}" for name in HOSTILE[1:6]],
        HOSTILE[6],
    ]


def test_the_same_published_file_gives_the_same_bytes(settings: Settings, model: CircularFiles) -> None:
    first = {path.name: path.read_bytes() for path in model.html.parent.iterdir()}
    write_circular(settings, PERIOD)
    assert {path.name: path.read_bytes() for path in model.html.parent.iterdir()} == first
    assert set(first) == {
        "circular.docx", "circular.html", "circular.md", "annexes.xlsx", "annex1_websites.csv",
        "annex2_accounts.csv", "findings_by_organiser.xlsx",
    }  # fmt: skip


def test_what_is_wrong_is_said(settings: Settings) -> None:
    with pytest.raises(UserError, match=r"还没有已发布的数据.*xunjian assess"):
        write_circular(settings, PERIOD)
    publish(settings, Marts(model_quarter()))
    with pytest.raises(UserError, match="没有 2021Q2"):
        write_circular(settings, "2021Q2")
    with pytest.raises(ValueError, match="季度"):
        write_circular(settings, "../2021Q1")
    with settings.published_file.open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(UserError, match="哈希不符"):
        write_circular(settings, PERIOD)
    assert not settings.reports.exists()


@pytest.mark.parametrize(
    ("number", "word"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (31, "三十一")]
)
def test_ordinals(number: int, word: str) -> None:
    assert ordinal_zh(number) == word


def test_spans_of_days() -> None:
    assert span_zh(date(2021, 1, 1), date(2021, 3, 31)) == "2021年1月1日至3月31日"
    assert span_zh(date(2021, 12, 20), date(2022, 3, 20)) == "2021年12月20日至2022年3月20日"
