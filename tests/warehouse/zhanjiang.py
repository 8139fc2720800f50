"""The accounts of the Zhanjiang scenario as if each list had been read whole: landed with no browser."""

import csv
from datetime import datetime, timedelta

from landed import Timeline

from replica.scenario import load_scenario
from replica.timelines import posts_of
from settings import Settings


def land_accounts(settings: Settings) -> dict[str, timedelta]:
    """Land every account of the scenario; returns by name how long before T the latest post came out."""
    scenario = load_scenario("zhanjiang_2021q1")
    city = Timeline(settings.landing, points=(scenario.monitoring_point,), indicators=("M2",))
    idle: dict[str, timedelta] = {}
    # The canaries are accounts to their platforms, and not inspected.
    with (scenario.folder / "registry" / "accounts.csv").open(encoding="utf-8-sig", newline="") as lines:
        registered = {f"{row['platform']}:{row['platform_uid']}" for row in csv.DictReader(lines)}
    for subject in scenario.subjects:
        if subject.id not in registered:
            continue
        times = [post.at for post in posts_of(scenario, subject)]
        city.look_at_account(
            city.account(subject.uid, subject.platform, account_name=subject.name), times, at=scenario.now
        )
        idle[subject.name] = scenario.monitoring_point - _latest(times, scenario.monitoring_point)
    city.land_registry()
    city.land()
    return idle


def _latest(times: list[datetime], point: datetime) -> datetime:
    return max(at for at in times if at <= point)
