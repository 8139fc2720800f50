"""The four platforms' ways to write a time, each under a name that is kept beside the result.

Everything becomes aware UTC. Where the text leaves room (``3小时前``, a bare day), the latest instant that
it allows is taken: neither a stop rule nor "not updated" may rest on a time that was read too early.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from extractors.periods import SHANGHAI

# Before the platforms existed, and beyond any schedule: such a number is not a publish time.
_EARLIEST, _LATEST = datetime(2005, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
# A day without a clock; of Weibo's forms only where the text has none.
DAY_RULE = "wechat_ref_date"
_DAY_FORMS = frozenset({"weibo_month_day", "weibo_date"})
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (UTC), the text it was read from and the rule that read it."""

    at: datetime
    raw: str
    rule: str


def epoch(value: Any, unit: str) -> Moment | None:
    """A Unix time in ``unit`` (``s`` or ``ms``), as a number or digits. ``None`` for anything else."""
    try:
        number = int(value)
        at = datetime.fromtimestamp(number / (1000 if unit == "ms" else 1), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return instant(at, str(value), f"epoch_{unit}")


def instant(at: datetime, raw: str, rule: str) -> Moment | None:
    """``at`` (aware) as a publish time read by ``rule``; ``None`` where no platform can have published."""
    return Moment(at.astimezone(UTC), raw, rule) if _EARLIEST <= at < _LATEST else None


def day(value: Any) -> Moment | None:
    """A bare day (``2021-03-30``, Asia/Shanghai): its last second. ``None`` for anything else."""
    try:
        at = datetime.combine(date.fromisoformat(str(value)), time(23, 59, 59), SHANGHAI)
    except ValueError:
        return None
    return instant(at, str(value), DAY_RULE)


def earliest(at: datetime, raw: str, rule: str) -> datetime:
    """The first instant (aware) that a publish time allows: of a bare day, its midnight in Asia/Shanghai."""
    if rule == DAY_RULE or (rule in _DAY_FORMS and ":" not in raw):
        return datetime.combine(at.astimezone(SHANGHAI).date(), time(), SHANGHAI)
    return at


def weibo_time(value: Any, server_date: datetime | None) -> Moment | None:
    """Weibo's absolute and relative forms; the latter against ``server_date``, the response's own clock.

    ``None`` where the text is no known form, or is relative and there is no such clock.
    """
    raw = str(value or "").strip()
    now = server_date.astimezone(SHANGHAI) if server_date else None
    for rule, pattern, reads, needs_now in _WEIBO_FORMS:
        match = re.fullmatch(pattern, raw)
        if match is None:
            continue
        if needs_now and now is None:
            return None
        try:
            at = reads(match, now or datetime.min.replace(tzinfo=SHANGHAI)).astimezone(UTC)
        except ValueError:
            return None
        return instant(at, raw, rule)
    return None


def _absolute(m: re.Match[str], _now: datetime) -> datetime:
    zone = datetime.strptime(m["zone"], "%z").tzinfo
    clock = time.fromisoformat(m["clock"])
    day = date(int(m["year"]), _MONTHS.index(m["month"]) + 1, int(m["day"]))
    return datetime.combine(day, clock, zone)


def _ago(unit: timedelta) -> Callable[[re.Match[str], datetime], datetime]:
    return lambda m, now: now - unit * int(m[1])


def _clock(text: str) -> time:
    """``9:05``, ``09:05`` or ``09:05:30``."""
    return time.fromisoformat(text if text.index(":") == 2 else f"0{text}")


def _days_back(days: int) -> Callable[[re.Match[str], datetime], datetime]:
    def read(m: re.Match[str], now: datetime) -> datetime:
        return datetime.combine(now.date() - timedelta(days=days), _clock(m[1]), SHANGHAI)

    return read


def _month_and_day(m: re.Match[str], now: datetime) -> datetime:
    """Without a year: the last such day that is not in the future."""
    for year in (now.year, now.year - 1):
        at = _day_and_clock(year, int(m["month"]), int(m["day"]), m["clock"], now)
        if at <= now:
            return at
    raise ValueError(m[0])


def _with_year(m: re.Match[str], now: datetime) -> datetime:
    return _day_and_clock(int(m["year"]), int(m["month"]), int(m["day"]), m["clock"], now)


def _day_and_clock(year: int, month: int, day: int, clock: str | None, now: datetime) -> datetime:
    if clock:
        return datetime.combine(date(year, month, day), _clock(clock), SHANGHAI)
    end_of_day = datetime(year, month, day, 23, 59, 59, tzinfo=SHANGHAI)
    return now if end_of_day.date() == now.date() else end_of_day


_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
_DAY = r"(?P<month>\d{1,2})[-月/](?P<day>\d{1,2})日?"
_WEIBO_FORMS: tuple[tuple[str, str, Callable[[re.Match[str], datetime], datetime], bool], ...] = (
    (
        "weibo_absolute",
        rf"[A-Z][a-z]{{2}} (?P<month>{'|'.join(_MONTHS)}) (?P<day>\d{{1,2}}) (?P<clock>\d\d:\d\d:\d\d)"
        r" (?P<zone>[+-]\d{4}) (?P<year>\d{4})",
        _absolute,
        False,
    ),
    ("weibo_just_now", r"刚刚", lambda _m, now: now, True),
    ("weibo_seconds_ago", r"(\d{1,4})\s*秒前", _ago(timedelta(seconds=1)), True),
    ("weibo_minutes_ago", r"(\d{1,4})\s*分钟前", _ago(timedelta(minutes=1)), True),
    ("weibo_hours_ago", r"(\d{1,4})\s*小时前", _ago(timedelta(hours=1)), True),
    ("weibo_today", rf"今天\s*({_CLOCK})", _days_back(0), True),
    ("weibo_yesterday", rf"昨天\s*({_CLOCK})", _days_back(1), True),
    ("weibo_month_day", rf"{_DAY}(?:\s+(?P<clock>{_CLOCK}))?", _month_and_day, True),
    ("weibo_date", rf"(?P<year>\d{{4}})[-年/]{_DAY}(?:\s+(?P<clock>{_CLOCK}))?", _with_year, False),
)
