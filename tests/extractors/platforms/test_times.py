from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.periods import SHANGHAI
from extractors.platforms.times import epoch, weibo_time

NOW = datetime(2021, 1, 2, 1, 5, tzinfo=UTC)  # 2021-01-02 09:05 in Shanghai


@pytest.mark.parametrize(
    ("raw", "expected", "rule"),
    [
        ("Mon Mar 30 10:10:00 +0800 2026", "2026-03-30T10:10:00+08:00", "weibo_absolute"),
        ("刚刚", "2021-01-02T09:05:00+08:00", "weibo_just_now"),
        ("30秒前", "2021-01-02T09:04:30+08:00", "weibo_seconds_ago"),
        ("5 分钟前", "2021-01-02T09:00:00+08:00", "weibo_minutes_ago"),
        ("10小时前", "2021-01-01T23:05:00+08:00", "weibo_hours_ago"),
        ("今天 8:01", "2021-01-02T08:01:00+08:00", "weibo_today"),
        ("昨天 10:10", "2021-01-01T10:10:00+08:00", "weibo_yesterday"),
        ("01-02", "2021-01-02T09:05:00+08:00", "weibo_month_day"),  # today: no later than now
        ("01-01", "2021-01-01T23:59:59+08:00", "weibo_month_day"),
        ("12-31", "2020-12-31T23:59:59+08:00", "weibo_month_day"),  # not in the future: last year's
        ("03月25日 08:00", "2020-03-25T08:00:00+08:00", "weibo_month_day"),
        ("2020-02-29", "2020-02-29T23:59:59+08:00", "weibo_date"),
        ("2020-12-30 10:00:00", "2020-12-30T10:00:00+08:00", "weibo_date"),
    ],
)
def test_weibo_forms(raw: str, expected: str, rule: str) -> None:
    moment = weibo_time(raw, NOW)
    assert moment is not None
    assert (moment.at.astimezone(SHANGHAI).isoformat(), moment.raw, moment.rule) == (expected, raw, rule)
    assert moment.at.tzinfo is UTC


@pytest.mark.parametrize(
    "raw", ["", None, "明天", "13-41", "2021-02-30", "Mon Foo 30 10:10:00 +0800 2026", 5]
)
def test_weibo_other_texts_are_no_times(raw: object) -> None:
    assert weibo_time(raw, NOW) is None


def test_relative_times_need_the_response_clock() -> None:
    assert weibo_time("刚刚", None) is None
    assert weibo_time("2020-12-30", None) is not None


@pytest.mark.parametrize("value", [None, "", "x", 0, -1, 10**20, True, 1617238800000, [], "1e9"])
def test_numbers_that_are_no_publish_times(value: object) -> None:
    assert epoch(value, "s") is None


@given(st.integers(0, 75 * 366 * 86400))
def test_seconds_and_milliseconds_say_the_same(later: int) -> None:
    at = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(seconds=later)
    seconds, millis = epoch(int(at.timestamp()), "s"), epoch(str(int(at.timestamp() * 1000)), "ms")
    assert seconds is not None and millis is not None
    assert seconds.at == millis.at == at
