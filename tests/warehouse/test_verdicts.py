"""From landed files to verdicts and rates, through real DuckDB and real dbt."""

from datetime import date

import duckdb
import pytest
from landed import AFTER_T, PERIOD, T, Timeline, sha
from small_city import ALL_NEWS, small_city

from errors import UserError
from settings import Settings
from warehouse import build, load, rebuild


def ask(settings: Settings, query: str) -> list[tuple]:
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        connection.execute("set TimeZone = 'Asia/Shanghai'")
        return connection.execute(query).fetchall()


def test_verdicts_of_accounts(built_city):
    assert ask(
        built_city,
        "select subject_name, verdict, problems, undetermined_reasons from marts.fct_verdicts "
        "where subject_kind = 'account' order by position",
    ) == [
        ("合成按时", "pass", None, None),
        ("合成超期", "fail", "检测时间点前2周无更新", None),
        ("合成受阻", "undetermined", None, "M2.1 未能判定：出现验证码"),
        ("合成部分", "undetermined", None, "M2.1 未能判定：只读到一部分，其中没有窗口内的发布"),
        ("合成重试", "pass", None, None),
        ("合成缺菜单", "fail", "缺有效互动渠道菜单功能", None),
    ]


def test_verdicts_of_websites(built_city):
    assert ask(
        built_city,
        "select subject_id, verdict, is_veto, problems from marts.fct_verdicts "
        "where subject_kind = 'website' order by position",
    ) == [
        ("4408000001", "pass", False, None),
        ("4408000002", "fail", True, "多个栏目长期未更新"),
        ("4408000003", "fail", True, "空白栏目数量超过5个"),
        ("4408000004", "fail", True, "监测时间点前2周首页无更新"),
        ("4408000005", "fail", False, "评分低于60分"),
        ("4408000006", "undetermined", False, None),
        ("4408000007", "fail", True, "内容发布审核不严（文不对题）"),
    ]


def test_a_vetoed_site_is_not_scored(built_city):
    assert ask(
        built_city,
        "select subject_id, status, reason, measured from marts.fct_checks where indicator_code = 'SCORE' "
        "and site_class = 'portal' order by subject_id",
    ) == [
        ("4408000001", "pass", "得分达到 60 分", "88.5 分"),
        ("4408000002", "not_applicable", "已单项否决，不再评分", None),
        ("4408000005", "fail", "得分低于 60 分", "59.5 分"),
    ]


def test_findings_carry_clause_threshold_and_evidence(built_city):
    ((clause, measured, threshold, evidence, platform),) = ask(
        built_city,
        "select clause, measured, threshold, evidence_sha256, annex_platform from marts.fct_findings "
        "where subject_name = '合成超期'",
    )
    assert clause == "监测时间点前2周内无更新。"
    assert measured == "最近一次发布 2021-03-17 23:59"
    assert threshold == "<1"
    assert platform == "新浪微博"
    assert (evidence,) in ask(built_city, "select evidence_sha256 from marts.fct_captures")


def test_a_finding_cites_everything_behind_what_was_measured(built_city):
    cited = "select evidence_sha256, evidence_sha256s from marts.fct_findings where"
    ((first, every),) = ask(built_city, f"{cited} subject_id = '4408000002' and indicator_code = 'W4.1'")
    stale = {sha(f"4408000002/{name}") for name in ALL_NEWS}
    assert first in stale and set(every) == stale and every == sorted(every)
    ((first, every),) = ask(built_city, f"{cited} subject_name = '合成缺菜单'")
    assert every == [first] == [sha("照片")]


def test_rates_count_the_undetermined_beside(built_city):
    columns = "registered, checked, passed, failed, undetermined, pass_rate_text, status"
    assert ask(
        built_city,
        f"select subject_kind, {columns} from marts.fct_quarterly_pass_rates "
        "where breakdown = 'all' order by all",
    ) == [
        ("account", 6, 4, 2, 2, 2, "50%", "provisional"),
        ("website", 7, 6, 1, 5, 1, "17%", "provisional"),
    ]


def test_every_attempt_is_kept(built_city):
    assert ask(
        built_city,
        "select attempt, outcome from marts.fct_captures where subject_id = 'weibo:10005' order by attempt",
    ) == [(1, "unreachable"), (2, "ok_complete")]


def test_the_circular_that_does_not_add_up(built_city):
    assert ask(
        built_city,
        "select consistency, implied_failed_min, implied_failed_max from marts.fct_circular_reconciliation "
        "where origin = 'registry'",
    ) == [("mismatch", 7, 7)]


def test_real_circulars_come_with_the_product(built_city):
    """湛府办〔2021〕12号: 85 % cannot be 4 of 47, it needs exactly 7; 97.2 % is 6 of 216."""
    shipped = "from marts.fct_circular_reconciliation where origin = 'shipped'"
    assert ask(
        built_city,
        "select subject_kind, consistency, implied_failed_min, implied_failed_max, round(rate_recomputed, 4) "
        f"{shipped} and title like '%湛府办〔2021〕12号%' order by all",
    ) == [("account", "exact", 6, 6, 0.9722), ("website", "mismatch", 7, 7, 0.9149)]
    # Counted by hand from the shipped rows, in fractions.
    assert ask(built_city, f"select consistency, count(*) {shipped} group by all order by all") == [
        ("exact", 12),
        ("mismatch", 1),
        ("no_count", 17),
        ("no_rate", 18),
        ("rounded", 3),
    ]
    # The office's own row for a circular goes before ours.
    assert ask(
        built_city, "select agreement, checked, failed_not_listed from marts.fct_own_reconciliation"
    ) == [("other_denominator", 6, 1)]


def test_no_plan_no_build(tmp_path):
    settings = Settings(data=tmp_path)
    load(settings)
    with pytest.raises(UserError, match="没有 2021Q1 的检查计划"):
        build(settings, PERIOD)


def test_an_unknown_rule_set_stops_the_build_and_names_the_test(tmp_path):
    settings = Settings(data=tmp_path)
    timeline = Timeline(settings.landing, indicators=("M2", "M9"))
    timeline.account("10001")
    timeline.land_registry()
    load(settings)
    with pytest.raises(UserError, match="assert_plan_is_covered_by_rules") as error:
        build(settings, PERIOD)
    assert "dbt.log" in str(error.value)


def test_a_period_is_replaced_whole_and_others_stay(own_city):
    """Another quarter is built; then the first again, after its one finding on a menu was withdrawn."""
    rates = "select * from marts.fct_quarterly_pass_rates where period = '2021Q1' order by all"
    findings = (
        "select subject_name from marts.fct_findings where period = '2021Q1' and subject_kind = 'account'"
    )
    before = ask(own_city, rates)

    summer = T.replace(month=6, day=30)
    next_quarter = Timeline(
        own_city.landing, period="2021Q2", points=(summer,), indicators=("M2",), run_id="r2"
    )
    account = next_quarter.account("10001", account_name="合成改名")
    next_quarter.look_at_account(account, [T, AFTER_T], at=summer)
    next_quarter.land_registry("20210701T000000000000Z-bbbbbbbbbbbb")
    next_quarter.land()
    load(own_city)
    build(own_city, "2021Q2")
    assert ask(own_city, rates) == before
    assert ask(own_city, "select subject_name, verdict from marts.fct_verdicts where period = '2021Q2'") == [
        ("合成改名", "fail")
    ]

    city = small_city(own_city.landing)
    city.registry["registry_manual_findings"] = []
    city.land_registry("20210501T000000000000Z-cccccccccccc")
    load(own_city)
    build(own_city, "2021Q1")
    assert ask(own_city, findings) == [("合成超期",)]
    assert ask(own_city, "select count(*) from marts.fct_verdicts where period = '2021Q2'") == [(1,)]

    tables = [
        "fct_verdicts",
        "fct_checks",
        "fct_findings",
        "fct_posts",
        "fct_quarterly_pass_rates",
        "dim_periods",
    ]
    # When a row was loaded is told by the warehouse's own clock; all else must come out again.
    everything = "select columns(name -> name <> 'loaded_at') from marts.{} order by all"
    by_build = {table: ask(own_city, everything.format(table)) for table in tables}
    rebuild(own_city)
    assert by_build == {table: ask(own_city, everything.format(table)) for table in tables}


def test_the_claimed_date_that_turns_up_late_shows(built_city):
    ((claimed, first_seen),) = ask(
        built_city,
        "select claimed_date, first_seen_at from marts.fct_site_items "
        "where site_code = '4408000001' and column_name = '要闻1' and url like '%/0.html'",
    )
    assert claimed == date(2021, 3, 30)
    assert first_seen == AFTER_T
