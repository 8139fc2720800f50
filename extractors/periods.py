"""Quarters and clocks. One rule for the DAGs, the command line and the tests.

Everything is stored in UTC; officials' days and quarters are days and quarters in Asia/Shanghai.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_PERIOD = re.compile(r"(?P<year>20\d\d)Q(?P<quarter>[1-4])")
_QUARTER_ZH = ("第一季度", "第二季度", "第三季度", "第四季度")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar quarter, written ``2021Q1``."""

    year: int
    quarter: int

    def __str__(self) -> str:
        return f"{self.year}Q{self.quarter}"

    @property
    def zh(self) -> str:
        """As officials write it: ``2021年第一季度``."""
        return f"{self.year}年{_QUARTER_ZH[self.quarter - 1]}"

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.quarter - 2, 1)


def parse_period(text: str) -> Period:
    """``2021Q1`` → :class:`Period`.

    Raises ``ValueError`` (in Chinese, one line) for anything else.
    """
    match = _PERIOD.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"季度“{text}”写法不对，应如 2021Q1")
    return Period(int(match["year"]), int(match["quarter"]))


def period_of(instant: datetime) -> Period:
    """The quarter that an aware instant falls in, by the calendar of Asia/Shanghai."""
    if instant.tzinfo is None:
        raise ValueError("period_of 需要带时区的时间")
    local = instant.astimezone(SHANGHAI)
    return Period(local.year, (local.month + 2) // 3)


def date_zh(day: date) -> str:
    """As officials write a day: ``2021年3月31日``."""
    return f"{day.year}年{day.month}月{day.day}日"
