"""A second result stands beside the first: by another rule set, or of what was known on a day."""

import hashlib
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from landed import AFTER_T, T, Timeline
from small_city import small_city
from zhanjiang import land_accounts

from errors import UserError
from extractors.periods import SHANGHAI
from settings import PROJECT, Settings
from warehouse import build, load, publish
from warehouse.beside import beside, copy_observations, instant_known_at
from warehouse.rules import check_in_force, rule_set

FIRST_LANDED = datetime(2021, 4, 2, tzinfo=UTC)
LATER = datetime(2021, 6, 1, tzinfo=UTC)
# What the rest follows from: these tell which rows a change may touch. fct_captures only grows.
MARTS = (
    "dim_periods",
    "dim_subjects",
    "fct_checks",
    "fct_findings",
    "fct_verdicts",
    "fct_quarterly_pass_rates",
)


def rows(settings: Settings, table: str) -> Counter[tuple]:
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        found = connection.execute(f"select * from marts.{table}").fetchall()
    return Counter(tuple(tuple(v) if isinstance(v, list) else v for v in row) for row in found)


def failing(settings: Settings) -> set[str]:
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        found = connection.execute("select subject_name from marts.fct_verdicts where verdict = 'fail'")
        return {name for (name,) in found.fetchall()}


def marts_hash(settings: Settings) -> str:
    """Of every row of every mart, whatever the order."""
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts' order by all"
        ).fetchall()
        assert len(tables) >= 13
        everything = [
            sorted(map(str, connection.execute(f"select * from marts.{table}").fetchall()))
            for (table,) in tables
        ]
    return hashlib.sha256(str(everything).encode()).hexdigest()


# Of the scenario's 216 accounts: who was idle for two weeks before T, and who for ten days.
TWO_WEEKS = {"湛江市e警通", "湛江霞山交警", "湛江交警", "麻章风采", "平安徐闻"}
TEN_DAYS = TWO_WEEKS | {
    "坡头自然资源（合成）", "廉江农业农村（合成）", "廉江文旅（合成）", "徐闻文旅（合成）",
    "湛江住建（合成）", "湛江经开农业农村（合成）", "湛江经开水务（合成）", "赤坎农业农村（合成）",
}  # fmt: skip


def test_who_fails_in_zhanjiang_by_the_weekly_and_the_ten_day_rule(tmp_path):
    settings = Settings(data=tmp_path)
    idle = land_accounts(settings)
    load(settings)
    a_week = {name for name, gap in idle.items() if gap >= timedelta(days=7)}
    assert (len(idle), len(a_week)) == (216, 55)
    assert {name for name, gap in idle.items() if gap >= timedelta(days=14)} == TWO_WEEKS

    for code, who in (("minhou-10-day", TEN_DAYS), ("zhanjiang-weekly", a_week)):
        other = beside(settings, "2021Q1", code, None)
        copy_observations(settings, other, "2021Q1", None)
        build(other, "2021Q1", by_rule_set=code)
        assert failing(other) == who
        with duckdb.connect(str(other.warehouse_file), read_only=True) as connection:
            ((scored_by,),) = connection.execute("select rule_set from marts.dim_periods").fetchall()
            ((clause,),) = connection.execute("select distinct clause from marts.fct_findings").fetchall()
        assert scored_by == code
        assert clause != "监测时间点前2周内无更新。"


def test_another_rule_set_changes_the_rows_of_its_own_clause_and_says_why(own_city):
    publish(own_city, "2021Q1")
    before = marts_hash(own_city)
    done = subprocess.run(
        [sys.executable, "-m", "xunjian", "assess", "--period", "2021Q1", "--rule-set", "panjin-weekly"],
        cwd=PROJECT, env={"PATH": "/usr/bin:/bin", "XUNJIAN_DATA": str(own_city.root)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert marts_hash(own_city) == before

    other = beside(own_city, "2021Q1", "panjin-weekly", None)
    old, new = rows(own_city, "fct_checks"), rows(other, "fct_checks")
    # fct_checks: subject_id, subject_name, …, indicator_code at 7
    assert {row[7] for row in (old - new)} == {"M2.1", "W3", "W4.1"}
    assert "判定有变化的 1 个" in done.stdout
    assert "合成按时（合成局）：合格 → 不合格；原 M2.1 窗口内有 1 条发布" in done.stdout
    assert "另 M2.1 7 天内没有发布" in done.stdout
    changes = (other.reports / "2021Q1" / "changed_verdicts.csv").read_text("utf-8-sig").splitlines()
    assert len(changes) == 2 and "合成按时" in changes[1]
    assert (other.reports / "2021Q1" / "circular.html").exists()


@pytest.fixture
def late(tmp_path) -> Settings:
    """Landed and built; then, two months later, a capture that was missing comes in. Not built again yet."""
    settings = Settings(data=tmp_path)
    city = small_city(settings.landing)
    city.land_registry(at=FIRST_LANDED)
    city.land(at=FIRST_LANDED)
    load(settings)
    build(settings, city.period)
    more = Timeline(settings.landing, run_id="r2")
    more.look_at_account("weibo:10003", [T], at=AFTER_T + timedelta(days=1))
    more.land(at=LATER)
    return settings


def test_a_late_capture_changes_its_own_rows_and_what_was_known_before_comes_back(late):
    known_hash = marts_hash(late)
    known = {table: rows(late, table) for table in MARTS}
    load(late)
    build(late, "2021Q1")
    now = {table: rows(late, table) for table in MARTS}
    gone = {table: known[table] - now[table] for table in MARTS}
    assert {table: len(changed) for table, changed in gone.items() if changed} == {
        "fct_checks": 1,
        "fct_verdicts": 1,
        # account: all, its platform, its district, its organiser
        "fct_quarterly_pass_rates": 4,
    }
    assert {row[2] for table in ("fct_checks", "fct_verdicts") for row in gone[table]} == {"weibo:10003"}

    publish(late, "2021Q1")
    done = subprocess.run(
        [sys.executable, "-m", "xunjian", "assess", "--period", "2021Q1", "--known-at", "2021-05-31"],
        cwd=PROJECT, env={"PATH": "/usr/bin:/bin", "XUNJIAN_DATA": str(late.root)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    then = beside(late, "2021Q1", None, instant_known_at("2021-05-31"))
    assert marts_hash(then) == known_hash != marts_hash(late)
    assert "判定有变化的 1 个" in done.stdout
    assert "合成受阻（合成局）：合格 → 未能判定" in done.stdout
    changes = (then.reports / "2021Q1" / "changed_verdicts.csv").read_text("utf-8-sig").splitlines()
    assert len(changes) == 2 and "合成受阻" in changes[1]


def test_before_anything_was_known(late):
    then = FIRST_LANDED - timedelta(days=1)
    with pytest.raises(UserError, match="到 2021-04-01 08:00 为止，仓库里没有 2021Q1 的检查计划"):
        copy_observations(late, beside(late, "2021Q1", None, then), "2021Q1", then)


def test_a_day_is_known_to_its_end_in_shanghai():
    assert instant_known_at("2021-05-11") == datetime(2021, 5, 11, 23, 59, 59, 999999, tzinfo=SHANGHAI)
    assert instant_known_at("2021-05-11T18:00:00") == datetime(2021, 5, 11, 18, tzinfo=SHANGHAI)
    assert instant_known_at("2021-05-11T18:00:00+00:00") == datetime(2021, 5, 11, 18, tzinfo=UTC)
    with pytest.raises(ValueError, match="如 2021-05-11"):
        instant_known_at("去年五月")


def test_a_plan_needs_a_rule_set_that_is_in_force():
    check_in_force("national-2019", [T])
    with pytest.raises(UserError, match="没有规则集“guojia”；现有 national-2019、"):
        rule_set("guojia")
    with pytest.raises(UserError, match="minhou-10-day 自 2025-05-01 起施行，监测时间点 2021-03-31 不在其中"):
        check_in_force("minhou-10-day", [T])
    # 2021-05-11 00:00 in Shanghai is the 10th in UTC: the day that counts is Shanghai's.
    check_in_force("zhanjiang-weekly", [datetime(2021, 5, 11, tzinfo=SHANGHAI)])


def test_a_plan_with_a_rule_set_out_of_force_is_not_built(tmp_path):
    settings = Settings(data=tmp_path)
    city = Timeline(settings.landing, rule_set="minhou-10-day")
    city.account("10001")
    city.land_registry()
    load(settings)
    with pytest.raises(UserError, match="xunjian assess --rule-set minhou-10-day 另行试算"):
        build(settings, "2021Q1")
