"""A subject's publications on a strip of days, with the two-week windows that decide. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from extractors.periods import SHANGHAI, date_zh

WIDTH, HEIGHT = 960, 92
_LEFT, _RIGHT = 12, 12
_WINDOW = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Dot:
    """One publication: where it stands on the strip, and what it says when pointed at."""

    x: float
    pinned: bool
    repost: bool
    words: str


@dataclass(frozen=True, slots=True)
class Window:
    """The two weeks before one monitoring point, and how many publications fell into them."""

    x: float
    width: float
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without a publication. ``days`` is rounded down."""

    days: int
    words: str


@dataclass(frozen=True, slots=True)
class Timeline:
    dots: tuple[Dot, ...]
    windows: tuple[Window, ...]
    ticks: tuple[Tick, ...]
    gaps: tuple[Gap, ...]


def timeline(publications: Sequence[Mapping[str, Any]], points: Sequence[Mapping[str, Any]]) -> Timeline:
    """The strip from 60 days before the first window to a little after the last monitoring point.

    ``publications`` in time order, ``points`` the monitoring points; both with ``instant`` in seconds since
    1970 UTC. The windows are half-open, (T − 14 d, T], as the clause reads.
    """
    instants = [_at(point) for point in points]
    start = min(instants) - _WINDOW - timedelta(days=60)
    end = max([*instants, *(_at(row) for row in publications)]) + timedelta(days=2)
    scale = (WIDTH - _LEFT - _RIGHT) / (end - start).total_seconds()

    def x(instant: datetime) -> float:
        return round(_LEFT + (instant - start).total_seconds() * scale, 1)

    return Timeline(
        dots=tuple(
            Dot(
                x=x(_at(row)),
                pinned=bool(row["is_pinned"]),
                repost=bool(row["is_repost"]),
                words=f"{_minute(_at(row))}　{row['title'] or '（无标题）'}",
            )
            for row in publications
        ),
        windows=tuple(
            Window(
                x=x(point - _WINDOW),
                width=round(x(point) - x(point - _WINDOW), 1),
                label=f"{_minute(point)} 前14天",
                count=sum(point - _WINDOW < _at(row) <= point for row in publications),
            )
            for point in instants
        ),
        ticks=tuple(
            Tick(x(day), f"{day.month}月{day.day}日")
            for day in (
                (start + timedelta(days=14 * n)).replace(hour=0, minute=0, second=0)
                for n in range(1, (end - start).days // 14 + 1)
            )
        ),
        gaps=_gaps([_at(row) for row in publications], max(instants)),
    )


def _gaps(instants: list[datetime], until: datetime) -> tuple[Gap, ...]:
    """The three longest stretches, of a week or more, without a publication; up to ``until``."""
    seen = sorted(instant for instant in instants if instant <= until)
    longest = sorted(pairwise([*seen, until]), key=lambda pair: pair[0] - pair[1])[:3]
    return tuple(
        Gap((after - before).days, f"{date_zh(before.date())}至{date_zh(after.date())}")
        for before, after in longest
        if after - before >= timedelta(days=7)
    )


def _at(row: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(row["instant"], SHANGHAI)


def _minute(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M")
