"""The arithmetic of rates, as the models' own macros write it, against known values."""

import re
from typing import Any

import duckdb
import jinja2
import pytest

from warehouse.build import DBT_PROJECT

RATES: Any = (
    jinja2.Environment(autoescape=False)
    .from_string((DBT_PROJECT / "macros" / "rates.sql").read_text("utf-8"))
    .module
)


def value(sql: str) -> Any:
    ((found,),) = duckdb.sql("select " + re.sub(r"\s+", " ", sql)).fetchall()
    return found


@pytest.mark.parametrize(
    ("passed", "checked", "low", "high"),
    [
        # 贵州 2025Q2, 今日头条: 69.81 % printed, which 53 accounts cannot tell from 60 % or 78 %.
        (37, 53, 0.564632, 0.804817),
        # Newcombe (1998), Stat. Med. 17, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_wilson_intervals(passed: int, checked: int, low: float, high: float) -> None:
    assert value(RATES.wilson(str(passed), str(checked), "low")) == pytest.approx(low, abs=5e-5)
    assert value(RATES.wilson(str(passed), str(checked), "high")) == pytest.approx(high, abs=5e-5)


def test_nobody_checked_no_interval_and_no_rate() -> None:
    assert value(RATES.wilson("0", "0", "low")) is None
    assert value(RATES.wilson("0", "0", "high")) is None
    assert value(RATES.pass_rate("0", "0", "0")) is None


def test_a_rate_refuses_the_wrong_denominator() -> None:
    assert value(RATES.pass_rate("40", "7", "47")) == pytest.approx(40 / 47)
    with pytest.raises(duckdb.InvalidInputException, match="分母只能是已判定数"):
        value(RATES.pass_rate("40", "7", "50"))
