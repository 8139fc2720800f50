"""Every expectation of the marts border, made to fail once by marts broken in one place."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from marts_tables import PERIOD, SHA256, Marts, Subject

from errors import UserError
from expectations.marts import marts_suites
from expectations.run import validate
from settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


def healthy() -> Marts:
    return Marts(
        [
            Subject("account", "weibo:1", "甲", "市民政局", "weibo", {"M2.1": "检测时间点前2周无更新"}),
            Subject("account", "weibo:2", "乙", "市民政局", "weibo"),
            Subject("account", "douyin:3", "丙", "市公安局", "douyin", {"M3.1": "缺菜单"}, reviewer="张三"),
            Subject("account", "douyin:4", "丁", "市公安局", "douyin"),
            Subject("website", "4401", "子", "市政府", "portal", {"SCORE": "评分低于60分"}),
            Subject("website", "4402", "丑", "市政府", "portal"),
            Subject("website", "4403", "寅", "市民政局", "channel"),
        ]
    )


def test_healthy_marts_pass(settings: Settings) -> None:
    healthy().write(settings.warehouse_file)
    result = validate(settings, PERIOD, "marts")
    assert (result.success, result.criticals, result.warnings) == (True, [], [])
    assert result.docs == settings.quality / "data_docs" / "local_site" / "index.html"
    summary = json.loads((settings.quality / f"marts-{PERIOD}.json").read_text("utf-8"))
    assert (summary["status"], summary["expectations"] > 25) == ("passed", True)


Breaking = Callable[[Marts], None]
Rates = "marts.fct_quarterly_pass_rates"


def put(table: str, row: int, **values: Any) -> Breaking:
    return lambda marts: marts.tables[table][row].update(values)


def drop(table: str, row: int) -> Breaking:
    return lambda marts: marts.tables[table].pop(row)


def twice(table: str, row: int, **values: Any) -> Breaking:
    return lambda marts: marts.tables[table].append(marts.tables[table][row] | values)


def empty(*tables: str) -> Breaking:
    return lambda marts: [marts.tables[table].clear() for table in tables]


# One broken set of marts each: what is broken in it, and the words of the message for every fault.
BROKEN: dict[str, list[tuple[Breaking, str]]] = {
    "no-period": [
        (empty("marts.dim_periods"), "季度：dim_periods 中该季度不是恰好一行"),
        (empty(), "没有总体合格率"),
    ],
    "nothing": [
        (empty("intermediate.int_check_grid", "marts.fct_checks"), "检查网格：该季度没有任何检查项。"),
        (empty(), "登记对象没有任何检查项（7 处：account/douyin:3"),
    ],
    "no-subjects": [
        (empty("marts.dim_subjects"), "该季度没有任何登记对象。"),
        (empty(), "判定的对象不在应查对象之内（7 处：account/douyin:3"),
    ],
    "check-lost": [(drop("marts.fct_checks", 0), "多、少或重复（1 处：account/weibo:1/M1/2021-03-31")],
    "check-twice": [(twice("marts.fct_checks", 0), "检查结果比应有的网格多、少或重复（1 处")],
    "check-invented": [(twice("marts.fct_checks", 0, subject_id="weibo:9"), "（1 处：account/weibo:9/M1")],
    "grid-short": [
        (drop("intermediate.int_check_grid", 0), "不等于监测时间点数 × 指标数（1 处：account/weibo:1）")
    ],
    "checks": [
        (put("marts.fct_checks", 0, status="ok"), "检查状态不在规定取值之内（1 处：account/weibo:1/M1"),
        (put("marts.fct_checks", 1, status=None), "检查没有状态（1 处：account/weibo:1/M2.1"),
        (
            put("marts.fct_checks", 2, status="undetermined", reason=" "),
            "没有写明原因（1 处：account/weibo:1/M3.1",
        ),
        (put("marts.fct_checks", 3, status="not_applicable"), "不适用的检查没有写明缘由"),
    ],
    "verdicts": [
        (put("marts.fct_verdicts", 0, verdict="pass"), "判定与问题清单不一致"),
        (put("marts.fct_verdicts", 1, verdict="fine"), "判定不在规定取值之内（1 处：account/weibo:2）"),
        (put("marts.fct_verdicts", 2, verdict=None), "应查对象没有判定（1 处：account/douyin:3）"),
        (twice("marts.fct_verdicts", 3), "应查对象不是恰好一个判定（1 处：account/douyin:4）"),
    ],
    "subject-twice": [(twice("marts.dim_subjects", 0), "登记对象重复（2 处：account/weibo:1")],
    "findings": [
        (put("marts.fct_findings", 0, problem=" "), "问题没有文字说明（1 处：account/weibo:1/M2.1）"),
        (put("marts.fct_findings", 1, reviewer=" "), "问题既无证据也无审核人（1 处：account/douyin:3/M3.1）"),
        (put("marts.fct_findings", 2, evidence_sha256="x"), "不是 64 位十六进制（1 处：website/4401/SCORE）"),
    ],
    "rates": [
        (put(Rates, 0, passed=3), "合格 + 不合格 + 未能判定 ≠ 应查数（1 处：account/all/all）"),
        (
            put(Rates, 1, checked=1),
            "合格 + 不合格 ≠ 已判定数（2 处：account/all/all，account/platform/douyin）",
        ),
        (put(Rates, 2, pass_rate=1.5), "合格率不在 0 与 1 之间（1 处：account/platform/weibo）"),
        (put(Rates, 3, pass_rate=0.5), "合格率不等于 合格数 ÷ 已判定数"),
        (put(Rates, 4, pass_rate=None), "有已判定对象而无合格率，或相反（1 处：website/site_class/channel）"),
        (put(Rates, 5, status="draft", pass_rate_text=""), "合格率状态不是 final 或 provisional"),
        (empty(), "合格率没有印刷文字（1 处：website/site_class/portal）"),
    ],
    "denominators": [
        (
            put(Rates, 0, in_scope=99),
            "登记数 ≥ 适用检查数 ≥ 应查数 ≥ 已判定数 不成立（1 处：account/all/all）",
        ),
        (put(Rates, 1, wilson_high=0.0), "合格率不在自己的置信区间之内（2 处：account/platform/douyin"),
        (put(Rates, 4, wilson_low=None), "website/site_class/channel）"),
    ],
    "rates-status": [
        (put(Rates, 4, status=None), "合格率没有状态（1 处：website/site_class/channel）"),
        (twice(Rates, 5), "合格率的分项重复（2 处：website/site_class/portal"),
        (empty(), "分项的登记数合计不等于台账登记数（1 处：website/site_class）"),
    ],
    "no-total": [(lambda marts: marts.tables[Rates].clear(), "没有总体合格率")],
    "totals": [
        (
            put(Rates, 0, passed=1, failed=3, pass_rate=0.25),
            "总体合格率：合格数与对象判定不一致（1 处：account）",
        ),
        (empty(), "不合格数与对象判定不一致（1 处：account）"),
    ],
    "dishonest": [
        (put(Rates, 0, checked=3, undetermined=1), "已判定比例低于下限，合格率却未标为暂定（1 处：account）"),
        (empty(), "已判定对象的比例低于计划的下限（100%），合格率为暂定（1 处：account）"),
    ],
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_marts_are_caught(settings: Settings, name: str) -> None:
    marts = healthy()
    for breaking, _ in BROKEN[name]:
        breaking(marts)
    marts.write(settings.warehouse_file)
    result = validate(settings, PERIOD, "marts")
    for _, words in BROKEN[name]:
        assert any(words in line for line in (*result.criticals, *result.warnings)), (words, result)
    assert not result.success


def test_no_expectation_is_left_untried(settings: Settings) -> None:
    healthy().write(settings.warehouse_file)
    tried = [words.partition("（")[0].rstrip("。") for cases in BROKEN.values() for _, words in cases]
    expected = [
        f"{suite.title}：{expectation.meta['what']}"
        for suite in marts_suites(settings.warehouse_file, PERIOD)
        for expectation in suite.expectations
        if expectation.meta is not None
    ]
    assert [line for line in expected if not any(words in line for words in tried)] == []


def test_an_undetermined_subject_is_a_warning_and_published(settings: Settings) -> None:
    marts = Marts([
        Subject("account", "weibo:1", "甲", "市民政局", "weibo", open={"M2.1": "出现验证码"}),
        Subject("account", "weibo:2", "乙", "市民政局", "weibo"),
    ])  # fmt: skip
    marts.tables[Rates] = [row for row in marts.tables[Rates] if row["subject_kind"] == "account"]
    marts.write(settings.warehouse_file)
    result = validate(settings, PERIOD, "marts")
    assert (result.success, result.criticals) == (True, [])
    assert len(result.warnings) == 1
    assert "合格率为暂定（1 处：account）" in result.warnings[0]
    assert json.loads((settings.quality / f"marts-{PERIOD}.json").read_text("utf-8"))["status"] == "warning"


def test_no_warehouse_and_no_marts_are_said_in_one_line(settings: Settings) -> None:
    with pytest.raises(UserError, match=r"找不到工作仓库.*xunjian build"):
        validate(settings, PERIOD, "marts")
    settings.warehouse_file.parent.mkdir(parents=True)
    duckdb.connect(str(settings.warehouse_file)).close()
    with pytest.raises(UserError, match="缺少检验所需的表或列"):
        validate(settings, PERIOD, "marts")


def test_the_docs_open_without_a_network(settings: Settings) -> None:
    broken = healthy()
    broken.tables["marts.fct_findings"][0] |= {
        "subject_id": "<script>alert(1)</script>",
        "evidence_sha256": "x",
    }
    broken.write(settings.warehouse_file)
    result = validate(settings, PERIOD, "marts")
    pages = list(result.docs.parent.rglob("*.html"))
    assert len(pages) == 1 + 2 * 9  # the index; a suite and its result each
    for page in pages:
        text = page.read_text("utf-8")
        assert "<script" not in text
        assert "http://" not in text.replace("http://www.w3.org", "")
        assert "https://" not in text
    index = result.docs.read_text("utf-8")
    assert "问题既无证据" not in index
    assert "&lt;script&gt;" in index
    for link in json.loads((settings.quality / f"marts-{PERIOD}.json").read_text("utf-8"))["suites"]:
        assert f'href="{link["page"]}"' in index
        assert (result.docs.parent / link["page"]).is_file()


def test_a_second_run_takes_the_place_of_the_first(settings: Settings) -> None:
    healthy().write(settings.warehouse_file)
    first = sorted(validate(settings, PERIOD, "marts").docs.parent.rglob("*.html"))
    second = sorted(validate(settings, PERIOD, "marts").docs.parent.rglob("*.html"))
    assert len(first) == len(second)
    assert SHA256 not in second[0].read_text("utf-8")
