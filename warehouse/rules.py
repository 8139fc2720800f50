"""Which rule sets there are and when they are in force: the seed, read before anything is built by it."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from errors import UserError
from extractors.periods import SHANGHAI
from settings import PROJECT

RULE_SETS = PROJECT / "dbt_project" / "seeds" / "rule_sets.csv"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A rule set and the days it is in force, both included; ``effective_to`` is None while it is."""

    code: str
    name: str
    effective_from: date
    effective_to: date | None

    def in_force(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


def rule_set(code: str) -> RuleSet:
    """The rule set of this code. Raises :class:`UserError` that names those there are."""
    with RULE_SETS.open(encoding="utf-8", newline="") as lines:
        known = {row["code"]: row for row in csv.DictReader(lines)}
    if code not in known:
        raise UserError(f"没有规则集“{code}”；现有 {'、'.join(known)}")
    row = known[code]
    end = row["effective_to"]
    return RuleSet(
        code, row["name"], date.fromisoformat(row["effective_from"]), date.fromisoformat(end) if end else None
    )


def check_in_force(code: str, monitoring_points: Sequence[datetime]) -> None:
    """A plan's rule set must be there, and in force on the day (Asia/Shanghai) of every monitoring point.

    Raises :class:`UserError`.
    """
    found = rule_set(code)
    for point in monitoring_points:
        day = point.astimezone(SHANGHAI).date()
        if not found.in_force(day):
            until = f"至 {found.effective_to}" if found.effective_to else ""
            raise UserError(
                f"plan.yml 的规则集 {code} 自 {found.effective_from} 起{until}施行，"
                f"监测时间点 {day} 不在其中；请改 rule_set，或用 xunjian assess --rule-set {code} 另行试算"
            )
