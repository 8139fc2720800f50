"""``python -m deploy.site_bench``: reading every kind of government site, against what the replica knows.

Prints the tables of docs/websites.md; ``--write`` puts them there, between its two marks. Times depend on the
machine; everything else comes out the same wherever it runs.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb

from deploy import other_crawlers
from deploy.site_tables import columns_table, indicators_table, items_table, round_table, states_table
from deploy.site_truth import Key, Site, sites_of
from extractors.browser import Browser
from extractors.periods import SHANGHAI
from extractors.plan import Plan
from extractors.records import Visit
from extractors.registry import read_registry
from extractors.websites.discovery import Discovery, discover
from extractors.websites.visit import visit_website
from replica.scenario import BUNDLED, Scenario, load_scenario
from replica.server import running_replica
from replica.websites.content import content_of
from settings import PROJECT, Settings

SCENARIO, PERIOD = "site_kinds", "2021Q1"
REGISTRY = BUNDLED / SCENARIO / "registry"
DOCUMENT = PROJECT / "docs" / "websites.md"
MARKS = ("<!-- measured: begin -->", "<!-- measured: end -->")
AT_ONCE = 4


def long_ago(plan: Plan) -> Plan:
    """A monitoring point that no list reaches: every list is read to its end."""
    point = datetime(2015, 3, 31, 23, 59, 59, tzinfo=SHANGHAI)
    since = datetime(2010, 1, 1, tzinfo=SHANGHAI)
    return plan.model_copy(update={"monitoring_points": (point,), "since": since})


async def look_at(sites: Sequence[Site], plan: Plan, settings: Settings) -> list[Visit]:
    at_once = asyncio.Semaphore(AT_ONCE)
    async with Browser(settings) as browser:

        async def one(site: Site) -> Visit:
            async with at_once:
                return await visit_website(browser, site.subject, plan, settings)

        return await asyncio.gather(*map(one, sites))


async def discover_all(sites: Sequence[Site], settings: Settings) -> list[Discovery]:
    at_once = asyncio.Semaphore(AT_ONCE)
    async with Browser(settings) as browser:

        async def one(site: Site) -> Discovery:
            async with at_once:
                return await discover(browser, site.subject, settings)

        return await asyncio.gather(*map(one, sites))


def spidered(sites: Sequence[Site], proxy: str) -> list[dict[Key, date | None]]:
    with other_crawlers.client(proxy) as http:
        return [
            {
                (column.name, url): day
                for column in site.subject.columns
                for url, day in other_crawlers.spider(http, column.url).items.items()
            }
            for site in sites
        ]


def snapshots(sites: Sequence[Site], proxy: str) -> dict[Key, str]:
    with other_crawlers.client(proxy) as http:
        return {
            (site.subject.id, column.name): other_crawlers.snapshot(http, column.url)
            for site in sites
            for column in site.subject.columns
        }


def yesterday() -> Scenario:
    """The same sites, all well, before the newest item of every column came out."""
    scenario = load_scenario(SCENARIO)
    ill = list(scenario.states)
    for subject in ill:
        scenario.set_state(subject, None)
    for site in scenario.subjects:
        for column in content_of(scenario, site).columns:
            if column.items and site.id not in ill:
                column.items.remove(max(column.items, key=lambda item: item.at))
    return scenario


# ---- the daily round by the command line: speed, requests, verdicts


def daily(folder: Path) -> tuple[float, dict[str, Counter[str]], list[tuple[str, str, str, str]]]:
    """All sites healed and captured as on any day, then assessed: seconds; by host what was asked; and every
    page's state as published."""
    scenario, log = load_scenario(SCENARIO), folder / "requests.jsonl"
    for subject in list(scenario.states):
        scenario.set_state(subject, None)
    with running_replica(scenario, request_log=log) as replica:
        environment = os.environ | {
            "XUNJIAN_DATA": str(folder / "data"), "XUNJIAN_REGISTRY": str(REGISTRY),
            "XUNJIAN_PROXY": replica.proxy_url, "XUNJIAN_TLS_VERIFY": "false", "XUNJIAN_PACE_SECONDS": "0",
        }  # fmt: skip
        started = time.monotonic()
        _run("capture", environment)
        seconds = time.monotonic() - started
        _run("assess", environment)
    asked: dict[str, Counter[str]] = defaultdict(Counter)
    for line in log.read_text().splitlines():
        entry = json.loads(line)
        asked[entry["host"]]["own" if entry["path"].startswith(("/webapi/", "/favicon")) else "ours"] += 1
    with duckdb.connect(str(folder / "data" / "published" / "compliance.duckdb"), read_only=True) as file:
        rows = file.execute(
            "select site_code, column_name, indicator_code, "
            "case indicator_code when 'W4.3' then coalesce(content_state, 'unknown') else state end "
            "from marts.fct_column_states"
        ).fetchall()
    return seconds, asked, rows


def _run(command: str, environment: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-m", "xunjian", command, "--period", PERIOD], env=environment, cwd=PROJECT,
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def measure() -> str:
    registry, scenario = read_registry(REGISTRY), load_scenario(SCENARIO)
    well = sites_of(registry, scenario, in_states=False)
    ill = sites_of(registry, scenario, in_states=True)
    with tempfile.TemporaryDirectory(prefix="xunjian-sites-") as name:
        folder = Path(name)
        with running_replica(yesterday()) as before:
            texts = snapshots([*well, *ill], before.proxy_url)
        with running_replica(scenario) as replica:
            settings = Settings(
                data=folder / "looks",
                proxy=replica.proxy_url,
                tls_verify=False,
                pace_seconds=0,
                page_seconds=20,
            )
            visits = asyncio.run(look_at(well, long_ago(registry.plan), settings))
            stated = asyncio.run(look_at(ill, registry.plan, settings))
            found = asyncio.run(discover_all(well, settings))
            others = spidered(well, replica.proxy_url)
            now = snapshots([*well, *ill], replica.proxy_url)
            with other_crawlers.client(replica.proxy_url) as http:
                said = {
                    s.subject.id: other_crawlers.spider(http, s.subject.columns[0].url).verdict for s in ill
                }
        seconds, asked, states = daily(folder)
    read = [
        {(i.column_name, i.url): i.claimed_date for i in visit.items if i.page_kind == "column"}
        for visit in visits
    ]
    parts = [
        items_table(well, read, others, texts, now),
        indicators_table(well, states, registry.plan.monitoring_points[0]),
        round_table(registry, well, seconds, asked),
        columns_table(well, found),
        states_table(ill, scenario, stated, said, texts, now),
    ]
    return "\n\n".join(parts)


def main() -> None:
    measured = measure()
    sys.stdout.write(measured + "\n")
    if "--write" in sys.argv[1:]:
        before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(MARKS[0])
        after = rest.partition(MARKS[1])[2]
        DOCUMENT.write_text(f"{before}{MARKS[0]}\n\n{measured}\n\n{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
