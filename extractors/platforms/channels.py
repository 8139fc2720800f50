"""When another way to an account is worth going, and which addresses may lead there. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from extractors.outcomes import Outcome
from extractors.plan import WINDOW, Plan
from extractors.platforms.platform import Platform
from extractors.platforms.times import earliest
from extractors.records import Seen
from extractors.rows import Rows

# From the first instant that a publish time allows to the last: a bare day is an interval.
Span = tuple[datetime, datetime]

# What was said of the account itself is for a person; another view of it would say the same.
_SETTLED = frozenset({Outcome.OK_COMPLETE, Outcome.ACCOUNT_GONE, Outcome.PRIVATE, Outcome.IDENTITY_MISMATCH})


def proved_nothing(looks: Iterable[Rows], plan: Plan) -> bool:
    """Whether the ``looks`` so far leave it open whether the account is updated: not settled by any of them,
    and no post seen in every window of ``plan``."""
    made = [look for look in looks if look]
    if any(Outcome(look["captures"][0]["outcome"]) in _SETTLED for look in made):
        return False
    return bool(made) and bool(unmet(map(_span, _published(made)), plan.monitoring_points))


def unmet(spans: Iterable[Span], points: Iterable[datetime]) -> list[datetime]:
    """Those of ``points`` with none of ``spans`` wholly in the two weeks up to them (检测时间点前2周)."""
    published = list(spans)
    return [
        point
        for point in points
        if not any(point - WINDOW < first and last <= point for first, last in published)
    ]


def links(
    platform: Platform, uid: str, looks: Sequence[Rows], lists: Iterable[Seen], plan: Plan
) -> list[str]:
    """Addresses of single publications that may tell what the ``looks`` left open, each once.

    Of items of which the ``lists`` do not tell whether or when they were published; then of posts of which
    only the day is known, where that day touches a window that has nothing yet.
    """
    untold = [entry.link for seen in lists for entry in platform.list_page(seen, uid).entries if entry.link]
    points = unmet(map(_span, _published(looks)), plan.monitoring_points)
    by_day = [
        row["url"]
        for row in _published(looks)
        if _span(row)[0] < row["published_at"] and _touches(_span(row), points)
    ]
    return list(dict.fromkeys([*untold, *by_day]))


def _touches(span: Span, points: Iterable[datetime]) -> bool:
    return any(point - WINDOW < span[1] and span[0] <= point for point in points)


def _published(looks: Iterable[Rows]) -> list[dict[str, Any]]:
    return [row for look in looks if look for row in look["posts"] if not row["is_deleted"]]


def _span(row: Mapping[str, Any]) -> Span:
    return earliest(row["published_at"], row["published_raw"], row["published_rule"]), row["published_at"]
