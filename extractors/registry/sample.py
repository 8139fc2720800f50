"""抽查: who of the registered is looked at. The same seed, share and subjects give the same sample."""

import hashlib
from collections.abc import Iterable
from fractions import Fraction
from math import ceil

from extractors.periods import SHANGHAI
from extractors.plan import Plan
from extractors.registry.read import Row


def in_operation(row: Row, plan: Plan) -> bool:
    """Whether a registered subject can be asked at one monitoring point at least (days in Asia/Shanghai)."""
    opened, closed = row.get("opened_on"), row.get("closed_on")
    days = [point.astimezone(SHANGHAI).date() for point in plan.monitoring_points]
    return row["status"] != "closed" and any(
        (opened is None or opened <= day) and (closed is None or closed > day) for day in days
    )


def draw(seed: str, share: float, strata: Iterable[tuple[str, str]]) -> set[str]:
    """The ids drawn of ``(stratum, id)``: of each stratum ``share`` of them, rounded up (比例不低于).

    In the order of their hashes under ``seed``: who is added to the registry later moves at most as many
    others in or out as the stratum's number changes.
    """
    members: dict[str, list[str]] = {}
    for stratum, subject_id in strata:
        members.setdefault(stratum, []).append(subject_id)
    drawn: set[str] = set()
    for ids in members.values():
        # As the office wrote it: 0.3 of 10 is 3, though the nearest binary fraction is a little more.
        wanted = ceil(Fraction(str(share)) * len(ids))
        drawn |= set(sorted(ids, key=lambda subject_id: _rank(seed, subject_id))[:wanted])
    return drawn


def _rank(seed: str, subject_id: str) -> str:
    return hashlib.sha256(f"{seed}\n{subject_id}".encode()).hexdigest()
