"""Probes of a week, landed as the extractors would land them: one file a round."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from landed import PERIOD, T, sha

from extractors.landing import landed_file, write_table

FAILING = ("slow", "unreachable", "error_page")


@dataclass
class Probing:
    """Visits of many rounds, gathered and then landed as one file (a round leaves one each in real life)."""

    landing: Path
    run_id: str
    simulated: bool = False
    rows: list[dict[str, Any]] = field(default_factory=list)

    def week(self, site_code: str, outcomes: Iterable[str], until: datetime = T) -> None:
        """Visits 72 minutes apart (20 a day) from the beginning of the week before ``until``. ``down`` is a
        failure over HTTP that a browser confirmed, ``passes`` a challenge that it passed; others are outcomes
        of the HTTP client."""
        for number, outcome in enumerate(outcomes):
            at = until - timedelta(days=7) + timedelta(minutes=72) * (number + 0.5)
            seen = {"down": ("unreachable", "slow"), "passes": ("unproven", "opened")}.get(
                outcome, (outcome,)
            )
            for channel, met in zip(("http", "browser"), seen, strict=False):
                self.rows.append(self._row(f"slot-{number:03}", at, site_code, channel, met))

    def land(self) -> None:
        write_table(landed_file(self.landing, "probes", PERIOD, self.run_id, "all"), "probes", self.rows)

    def _row(self, slot: str, at: datetime, site_code: str, channel: str, outcome: str) -> dict[str, Any]:
        name = f"{self.run_id}/{slot}/{site_code}/{channel}"
        return {
            "probe_id": str(uuid5(NAMESPACE_URL, name)), "run_id": self.run_id, "period": PERIOD,
            "extractor_version": "2026.11.1", "slot": slot, "site_code": site_code,
            "target_kind": "site", "url": f"http://{site_code}.gov.cn/",
            "probed_at": at, "channel": channel, "outcome": outcome, "detail": "",
            "elapsed_ms": 100, "limit_ms": 3000 if self.simulated else 15000,
            "opened": True if outcome == "opened" else False if outcome in FAILING else None,
            "simulated": self.simulated, "evidence_sha256": sha(name) if outcome in FAILING else None,
        }  # fmt: skip
