"""When another channel is worth a look: only where those before it proved nothing. Pure."""

from collections.abc import Iterable
from datetime import datetime

from extractors.outcomes import Outcome
from extractors.plan import WINDOW, Plan
from extractors.rows import Rows

# What was said of the account itself is for a person; another view of it would say the same.
_SETTLED = frozenset({Outcome.OK_COMPLETE, Outcome.ACCOUNT_GONE, Outcome.PRIVATE, Outcome.IDENTITY_MISMATCH})


def proved_nothing(looks: Iterable[Rows], plan: Plan) -> bool:
    """Whether the ``looks`` so far leave it open whether the account is updated: not settled by any of them,
    and no post seen in every window of ``plan``."""
    made = [look for look in looks if look]
    if any(Outcome(look["captures"][0]["outcome"]) in _SETTLED for look in made):
        return False
    times = [row["published_at"] for look in made for row in look["posts"] if not row["is_deleted"]]
    return bool(made) and bool(unmet(times, plan.monitoring_points))


def unmet(times: Iterable[datetime], points: Iterable[datetime]) -> list[datetime]:
    """Those of ``points`` that have none of ``times`` in the two weeks up to them (检测时间点前2周)."""
    published = list(times)
    return [point for point in points if not any(point - WINDOW < at <= point for at in published)]
