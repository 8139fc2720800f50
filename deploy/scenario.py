"""Whose a data directory is: the demonstration's, or real work. The demonstration touches only its own.

``<data>/.scenario`` (JSON) names the scenario and its capture run. A finished demonstration is cleared
before the next; one that was killed half-way is taken up again under the same run, so that what it landed
counts once and the marts come out the same.
"""

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from deploy.airflow_env import airflow_home
from errors import UserError
from settings import PROJECT, Settings

# What the pipeline writes into a data directory, by the names that settings.py gives them.
_PRODUCTS = (
    "landing", "evidence", "runs", "manners", "circuits", "warehouse", "published", "quality", "reports",
    "sessions", "alerts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """The demonstration that a data directory belongs to.

    ``over``: it finished, or it failed by itself. Only one that was killed is taken up again: what a failed
    one landed may be the very reason why it failed.
    """

    scenario: str
    run_id: str
    over: bool = False

    def save(self, settings: Settings) -> None:
        marker = _marker(settings)
        temporary = marker.with_suffix(".tmp")
        temporary.write_text(json.dumps(asdict(self)) + "\n")
        temporary.replace(marker)


def registry_of(scenario: str) -> Path:
    """The registry of a bundled scenario or a scenario directory. Raises ``UserError`` if there is none."""
    for folder in (PROJECT / "replica" / "scenarios" / scenario, Path(scenario)):
        if (folder / "registry" / "plan.yml").is_file():
            return (folder / "registry").resolve()
    raise UserError(f"没有名为“{scenario}”的情景")


def period_of_plan(registry: Path) -> str:
    return str(yaml.safe_load((registry / "plan.yml").read_text(encoding="utf-8"))["period"])


def claim(settings: Settings, scenario: str) -> tuple[Claim, bool]:
    """Take the data directory for ``scenario``; the flag says whether a former run is taken up again.

    Raises ``UserError`` where the directory holds real work.
    """
    former = _read(settings)
    if former is None and _has_landed(settings):
        raise UserError(
            f"{settings.root} 里有真实采集的数据，演示不会动它；"
            "请换一个目录：XUNJIAN_DATA=data-demo make demo"
        )
    if former is not None:
        _forget_airflow_history(settings)
        if former.scenario == scenario and not former.over:
            return former, True
        for product in _PRODUCTS:
            shutil.rmtree(settings.root / product, ignore_errors=True)
    settings.root.mkdir(parents=True, exist_ok=True)
    fresh = Claim(scenario, f"demo-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    fresh.save(settings)
    return fresh, False


def _marker(settings: Settings) -> Path:
    return settings.root / ".scenario"


def _read(settings: Settings) -> Claim | None:
    try:
        return Claim(**json.loads(_marker(settings).read_text()))
    except FileNotFoundError:
        return None


def _has_landed(settings: Settings) -> bool:
    return any(settings.landing.rglob("*.parquet"))


def _forget_airflow_history(settings: Settings) -> None:
    """A killed scheduler leaves half-done tasks and queued events: the demonstration starts without any."""
    home = airflow_home(settings)
    for database in home.glob("airflow.db*"):
        database.unlink()
    shutil.rmtree(home / "logs", ignore_errors=True)
