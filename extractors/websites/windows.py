"""What a list must show before nothing more needs opening: the windows of 国办秘函〔2019〕19号 W3, W4.

Pure. Instants are aware; days are days in Asia/Shanghai, from 00:00:00 to 23:59:59.
"""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from extractors.periods import SHANGHAI
from extractors.records import Column


@dataclass(frozen=True, slots=True)
class Window:
    """The half-open window (T − length, T] before a monitoring point T."""

    months: int = 0
    days: int = 0

    def opens(self, point: datetime) -> datetime:
        """Six months before 31 March is 30 September: a month's last day stands for days it lacks."""
        local = point.astimezone(SHANGHAI)
        month = local.year * 12 + local.month - 1 - self.months
        year, month = month // 12, month % 12 + 1
        day = min(local.day, calendar.monthrange(year, month)[1])
        return local.replace(year=year, month=month, day=day) - timedelta(days=self.days)


# W3 首页 2 周; W4.1 动态要闻 2 周, 通知公告与政策文件 6 个月.
HOME = (Window(days=14),)
_BY_CLASS = {"news": Window(days=14), "notice": Window(months=6), "policy": Window(months=6)}


def column_windows(column: Column) -> tuple[Window, ...]:
    """The windows that a column is judged by: its class's, and its own 更新期限 (W4.2)."""
    windows = [_BY_CLASS[column.column_class]] if column.column_class in _BY_CLASS else []
    if column.update_within_days is not None:
        windows.append(Window(days=column.update_within_days))
    return tuple(windows)


class State(StrEnum):
    """What a list says of one window."""

    UPDATED = "updated"  # some row lies in it for certain
    EDGE = "edge"  # only rows whose day overlaps it in part: their articles know the minute
    IDLE = "idle"  # no row lies in it, and the list was read back past its opening
    OPEN = "open"  # no row lies in it so far, and older rows have not been read


@dataclass(frozen=True, slots=True)
class Dated:
    """When a row was published: its day, and the article's own time where that was read."""

    day: date
    at: datetime | None = None

    def lies_in(self, opens: datetime, closes: datetime) -> bool | None:
        """True or False where that is certain, None where only a part of the day lies in the window."""
        if self.at is not None:
            return opens < self.at <= closes
        first = datetime.combine(self.day, time(), SHANGHAI)
        last = first + timedelta(hours=23, minutes=59, seconds=59)
        if last <= opens or first > closes:
            return False
        return True if first > opens and last <= closes else None


def states(
    windows: Iterable[Window],
    points: Iterable[datetime],
    rows: Sequence[Dated],
    reach: date | None,
    *,
    ended: bool,
) -> list[State]:
    """The state of every window at every monitoring point; ``reach`` is how far back the list was read."""
    return [
        _state(window.opens(point), point, rows, reach, ended=ended) for window in windows for point in points
    ]


def edge_rows(windows: Iterable[Window], points: Sequence[datetime], rows: Sequence[Dated]) -> list[int]:
    """Indices of the rows whose article must be opened to know on which side of a window's edge they lie."""
    wanted: set[int] = set()
    for window in windows:
        for point in points:
            inside = [row.lies_in(window.opens(point), point) for row in rows]
            if True not in inside:
                wanted.update(index for index, lies in enumerate(inside) if lies is None)
    return sorted(wanted, key=lambda index: rows[index].day, reverse=True)


def reach_of(days: Sequence[date]) -> date | None:
    """How far back a list in this order reaches: its last day if it is newest first in the main, else None.

    Rows older than some later row (pinned ones, stragglers) are out of order and say nothing. Where most
    are, the list is sorted by hand or oldest first, and what lies on later pages is unknown.
    """
    in_order = 0
    newest_later: date | None = None
    for day in reversed(days):
        if newest_later is None or day >= newest_later:
            in_order += 1
            newest_later = day
    return days[-1] if days and in_order * 2 > len(days) else None


def _state(
    opens: datetime, closes: datetime, rows: Sequence[Dated], reach: date | None, *, ended: bool
) -> State:
    inside = [row.lies_in(opens, closes) for row in rows]
    if True in inside:
        return State.UPDATED
    if None in inside:
        return State.EDGE
    read_past = reach is not None and Dated(reach).lies_in(opens, closes) is False and reach <= opens.date()
    return State.IDLE if ended or read_past else State.OPEN
