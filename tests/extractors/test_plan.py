from datetime import datetime, timedelta
from pathlib import Path

import pytest

from errors import UserError
from extractors.plan import read_plan

GOOD = """
period: 2021Q1
sampling: {from: 2021-01-01, to: 2021-03-31}
monitoring_points: [2021-02-28T23:59:59+08:00, 2021-03-31T23:59:59+08:00]
indicators: [W3, W4, M2]
rule_set: national-2019
coverage_floor: 0.95
since: 2020-09-01
"""


def write(directory: Path, text: str) -> Path:
    path = directory / "plan.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_plan(tmp_path: Path) -> None:
    plan = read_plan(write(tmp_path, GOOD))
    assert plan.period == "2021Q1"
    assert plan.windows_start == plan.monitoring_points[0] - timedelta(days=14)
    assert plan.since.isoformat() == "2020-09-01T00:00:00+08:00"
    assert (plan.rate_decimals.website, plan.rate_decimals.account) == (0, 1)
    assert (plan.confirmations.observations, plan.confirmations.hours_apart, plan.canary_hours) == (1, 0, 48)


def test_a_time_without_a_zone_is_shanghai(tmp_path: Path) -> None:
    plan = read_plan(write(tmp_path, GOOD.replace("+08:00", "")))
    assert plan.monitoring_points[-1].isoformat() == "2021-03-31T23:59:59+08:00"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("period: 2021Q1", "period: 2021", "period"),
        ("from: 2021-01-01", "from: 2021-04-01", "sampling"),
        ("2021-03-31T23:59:59+08:00", "2021-03-31", "时分秒"),
        ("2021-03-31T23:59:59+08:00", "2021-06-30T23:59:59+08:00", "monitoring_points"),
        ("[W3, W4, M2]", "[W3, X9]", "X9"),
        ("coverage_floor: 0.95", "coverage_floor: 95", "coverage_floor"),
        ("coverage_floor: 0.95", "late_days: -1", "late_days"),
        ("since: 2020-09-01", "since: 2021-03-01", "since"),
        ("rule_set:", "ruleset:", "不认识的项"),
        ("since: 2020-09-01", "", "缺少"),
        ("period: 2021Q1", "period: [", "YAML"),
        ("coverage_floor:", "confirmations: {observations: 0}\ncoverage_floor:", "observations"),
        ("coverage_floor:", "confirmations: {hours: 12}\ncoverage_floor:", "不认识的项"),
        ("coverage_floor:", "canary_hours: 0\ncoverage_floor:", "canary_hours"),
    ],
)
def test_a_bad_plan_names_the_item(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        read_plan(write(tmp_path, GOOD.replace(old, new)))


@pytest.mark.parametrize(
    ("now", "asked"),
    [
        ("2021-02-20T09:00:00+08:00", "2021-02-20T09:00:00+08:00"),
        ("2021-03-01T09:00:00+08:00", "2021-02-28T23:59:59+08:00"),
        ("2021-03-20T09:00:00+08:00", "2021-03-20T09:00:00+08:00"),
        ("2021-03-31T23:59:59+08:00", "2021-03-31T23:59:59+08:00"),
        ("2026-01-01T09:00:00+08:00", "2021-03-31T23:59:59+08:00"),
    ],
)
def test_what_a_daily_check_asks_about(tmp_path: Path, now: str, asked: str) -> None:
    plan = read_plan(write(tmp_path, GOOD))
    point = plan.daily_point(datetime.fromisoformat(now))
    assert point == datetime.fromisoformat(asked)
    daily = plan.for_daily_check(point)
    assert (daily.since, daily.wants_history) == (point - timedelta(days=14), False)


def test_a_missing_plan_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"docs/registry.md"):
        read_plan(tmp_path / "plan.yml")
