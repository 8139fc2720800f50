from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.periods import SHANGHAI, Period, date_zh, parse_period, period_of


def test_quarters_turn_at_midnight_in_shanghai() -> None:
    assert str(period_of(datetime(2021, 3, 31, 15, 59, 59, tzinfo=UTC))) == "2021Q1"
    assert str(period_of(datetime(2021, 3, 31, 16, 0, 0, tzinfo=UTC))) == "2021Q2"


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="时区"):
        period_of(datetime(2021, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize("text", ["2021", "2021Q5", "21Q1", "2021-Q1", "第一季度", ""])
def test_what_is_not_a_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="2021Q1"):
        parse_period(text)


@given(st.datetimes(min_value=datetime(2000, 1, 2), max_value=datetime(2099, 12, 30)))  # noqa: DTZ001
def test_a_period_contains_its_instant(naive: datetime) -> None:
    local = naive.replace(tzinfo=SHANGHAI)
    period = period_of(local)
    assert parse_period(str(period)) == period
    assert period.first_day <= local.date() < period.first_day + timedelta(days=93)


def test_as_officials_write_it() -> None:
    assert Period(2021, 1).zh == "2021年第一季度"
    assert date_zh(date(2021, 3, 31)) == "2021年3月31日"
