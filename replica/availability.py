"""When a site cannot be reached, as data: so many rounds of the week before the monitoring point.

``availability`` in scenario.yml: ``rounds`` (slots that the week is cut into), ``sites`` (name or 标识码 →
``failures``: how many of the slots, and ``state``: how it shows), ``controls`` (``failures``: slots in which
the control sites are down with everything else, as where the prober's own network is). Failing slots are
spread evenly, so each share can be counted on to the visit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from errors import UserError
from replica.states import ALL_STATES, State

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Failing:
    """``failures`` of the week's slots, evenly spread; in them the site is in ``state``."""

    failures: int
    state: State


@dataclass(frozen=True)
class Availability:
    """``sites`` by subject id."""

    monitoring_point: datetime
    rounds: int
    sites: Mapping[str, Failing]
    controls: int

    def state_at(self, subject_id: str, moment: datetime) -> State | None:
        """The state that the site is in at ``moment``; ``None`` where it is well."""
        failing = self.sites.get(subject_id)
        return failing.state if failing and self._falls_out(failing.failures, moment) else None

    def controls_are_down(self, moment: datetime) -> bool:
        return self._falls_out(self.controls, moment)

    def _falls_out(self, failures: int, moment: datetime) -> bool:
        slot = (moment - (self.monitoring_point - _WEEK)) * self.rounds // _WEEK
        if not 0 <= slot < self.rounds:
            return False
        return (slot + 1) * failures // self.rounds > slot * failures // self.rounds


def read_availability(
    script: Mapping[str, Any], monitoring_point: datetime, ids: Mapping[str, str]
) -> Availability:
    """The scenario's ``availability``; without one everything is always reachable. ``ids``: 标识码 by name.

    Raises :class:`errors.UserError` for an unknown site or state.
    """
    said = script.get("availability") or {}
    sites = {}
    for name, spec in (said.get("sites") or {}).items():
        subject_id = ids.get(str(name))
        state = ALL_STATES["websites"].get(str(spec["state"]))
        if subject_id is None or state is None:
            raise UserError(f"scenario.yml 的 availability：没有网站“{name}”或状态“{spec['state']}”")
        sites[subject_id] = Failing(int(spec["failures"]), state)
    controls = int((said.get("controls") or {}).get("failures", 0))
    return Availability(monitoring_point, int(said.get("rounds", 1)), sites, controls)
