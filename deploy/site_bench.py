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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from deploy import other_crawlers
from extractors.browser import Browser
from extractors.periods import SHANGHAI
from extractors.plan import Plan
from extractors.records import Subject, Visit
from extractors.registry import Registry, read_registry
from extractors.websites.discovery import Discovery, discover
from extractors.websites.visit import visit_website
from replica.scenario import BUNDLED, Scenario, load_scenario
from replica.server import running_replica
from replica.websites.content import SiteContent, content_of
from settings import PROJECT, Settings

SCENARIO, PERIOD = "site_kinds", "2021Q1"
REGISTRY = BUNDLED / SCENARIO / "registry"
DOCUMENT = PROJECT / "docs" / "websites.md"
MARKS = ("<!-- measured: begin -->", "<!-- measured: end -->")
NAMES = {
    "nfcms": "NFCMS 广东集约化", "gkmlpt": "gkmlpt 信息公开", "trs": "TRS WCM", "hanweb": "大汉 jpage",
    "table": "generic: table, days in brackets", "cards": "generic: calendar leaves",
    "pathdate": "generic: day only in the address", "ajax": "generic: rows and pages by script",
    "plain": "generic: month and day only", "undated": "generic: no day at all",
}  # fmt: skip
AT_ONCE = 4
Key = tuple[str, str]  # column, address


@dataclass(frozen=True, slots=True)
class Site:
    """A site as registered, and what the replica knows of it."""

    subject: Subject
    held: SiteContent

    def truth(self) -> dict[Key, date]:
        return {
            (column.column.name, item.url or self.held.origin + item.path): item.at.astimezone(
                SHANGHAI
            ).date()
            for column in self.held.columns
            for item in column.items
        }

    def cms_of(self, column: str) -> str:
        return next(one.cms for one in self.held.columns if one.column.name == column)


def sites_of(registry: Registry, scenario: Scenario, *, in_states: bool) -> list[Site]:
    return [
        Site(subject, content_of(scenario, scenario.find(subject.id)[0]))
        for subject in registry.subjects("websites")
        if (subject.id in scenario.states) == in_states
    ]


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


def tally(known: dict[Key, date], read: dict[Key, date | None], counts: Counter[str]) -> None:
    counts["items"] += len(known)
    counts["found"] += len(known.keys() & read.keys())
    counts["missed"] += len(known.keys() - read.keys())
    counts["invented"] += len(read.keys() - known.keys())
    counts["undated"] += sum(day is None for day in read.values())
    counts["wrong"] += sum(day not in (None, known.get(key, day)) for key, day in read.items())


def by_kind(sites: Iterable[Site], reads: Iterable[dict[Key, date | None]]) -> dict[str, Counter[str]]:
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for site, read in zip(sites, reads, strict=True):
        for cms in {column.cms for column in site.held.columns}:
            of_cms = {c.column.name for c in site.held.columns if c.cms == cms}
            kinds[cms]["columns"] += len(of_cms)
            tally(
                {key: day for key, day in site.truth().items() if key[0] in of_cms},
                {key: day for key, day in read.items() if key[0] in of_cms},
                kinds[cms],
            )
    return kinds


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
    for subject in list(scenario.states):
        scenario.set_state(subject, None)
    for site in scenario.subjects:
        for column in content_of(scenario, site).columns:
            if column.items and site.id not in load_scenario(SCENARIO).states:
                column.items.remove(max(column.items, key=lambda item: item.at))
    return scenario


# ---- the daily round by the command line: speed, requests, verdicts


def daily(folder: Path) -> tuple[float, dict[str, Counter[str]], list[tuple[str, str, str, str, int]]]:
    """All sites healed and captured as on any day, then assessed: seconds; by host what was asked; and the
    states of pages per (site, column, indicator, state)."""
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
            "select site_code, column_name, indicator_code, state, count(*) from marts.fct_column_states "
            "group by all"
        ).fetchall()
    return seconds, asked, rows


def _run(command: str, environment: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-m", "xunjian", command, "--period", PERIOD], env=environment, cwd=PROJECT,
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


# ---- the tables


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


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
        _items(well, read, others, texts, now),
        _indicators(well, states),
        _round(registry, well, seconds, asked),
        _columns(well, found),
        _states(ill, scenario, stated, said, texts, now),
    ]
    return "\n\n".join(parts)


def _items(
    well: Sequence[Site],
    read: list[dict[Key, date | None]],
    others: list[dict[Key, date | None]],
    texts: dict[Key, str],
    now: dict[Key, str],
) -> str:
    ours, theirs = by_kind(well, read), by_kind(well, others)
    noticed: Counter[str] = Counter()
    filled: Counter[str] = Counter()
    for site in well:
        for column in site.held.columns:
            key = (site.subject.id, column.column.name)
            filled[column.cms] += bool(column.items)
            noticed[column.cms] += bool(column.items) and texts[key] != now[key]
    rows: list[list[object]] = []
    for cms, words in NAMES.items():
        one, other = ours[cms], theirs[cms]
        rows.append([
            words, one["columns"], one["items"], one["found"], one["missed"], one["wrong"], one["undated"],
            f"{other['found'] - other['wrong']} / {other['missed']} / {other['wrong']}",
            f"{noticed[cms]} of {filled[cms]}",
        ])  # fmt: skip
    total = sum(ours.values(), Counter[str]())
    other = sum(theirs.values(), Counter[str]())
    rows.append([
        "**all**", total["columns"], total["items"], total["found"], total["missed"], total["wrong"],
        total["undated"], f"{other['found'] - other['wrong']} / {other['missed']} / {other['wrong']}",
        f"{noticed.total()} of {filled.total()}",
    ])  # fmt: skip
    header = [
        "system", "columns", "items", "found", "missed", "wrongly dated", "no day printed",
        "plain spider: right / missed / wrong", "fetch-and-diff: new items noticed (columns)",
    ]  # fmt: skip
    return f"### Items of every list, read to its end\n\n{table(header, rows)}"


def _indicators(well: Sequence[Site], states: list[tuple[str, str, str, str, int]]) -> str:
    by_code = {site.subject.id: site for site in well}
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for code, column, indicator, state, number in states:
        if code in by_code:
            site = by_code[code]
            counts[site.cms_of(column) if column else site.held.cms][indicator][state] += number
    codes = ["W3", "W4.1", "W4.2", "W4.3"]
    rows = [
        [words, *("<br>".join(f"{s} {n}" for s, n in sorted(counts[cms][c].items())) or "–" for c in codes)]
        for cms, words in NAMES.items()
    ]
    return f"### System × indicator: pages judged, by state\n\n{table(['system', *codes], rows)}"


def _round(registry: Registry, well: Sequence[Site], seconds: float, asked: dict[str, Counter[str]]) -> str:
    all_sites = len(registry.subjects("websites"))
    rows = [
        [
            site.subject.name,
            1 + len(site.subject.columns),
            asked[site.held.host]["ours"],
            asked[site.held.host]["own"],
        ]
        for site in well
    ]
    pace = f"{all_sites * 60 / seconds:.0f} a minute, two at once, no pause"
    speed = f"{all_sites} sites (those of the states healed) in {seconds:.0f} s: {pace}."
    header = ["site", "home + columns", "requests", "the pages' own calls besides"]
    return f"### One daily round\n\n{speed}\n\n{table(header, rows)}"


def _columns(well: Sequence[Site], found: Sequence[Discovery]) -> str:
    registered = {c.url: c for site in well for c in site.subject.columns}
    proposed = {one.url: one for discovery in found for one in discovery.columns}
    both = registered.keys() & proposed.keys()
    right = sum(proposed[url].column_class == registered[url].column_class for url in both)
    level = sum(proposed[url].level == registered[url].level for url in both)
    days = sum(proposed[url].update_within_days == registered[url].update_within_days for url in both)
    rows = [
        ["columns registered / proposed", f"{len(registered)} / {len(proposed)}"],
        ["precision", f"{len(both) / max(len(proposed), 1):.3f}"],
        ["recall", f"{len(both) / len(registered):.3f}"],
        ["right class, of those found", f"{right} of {len(both)}"],
        ["right level", f"{level} of {len(both)}"],
        ["the same update_within_days", f"{days} of {len(both)}"],
    ]
    return f"### Columns proposed by `registry discover`\n\n{table(['measure', 'value'], rows)}"


def _states(
    ill: Sequence[Site],
    scenario: Scenario,
    stated: Sequence[Visit],
    said: dict[str, str],
    texts: dict[Key, str],
    now: dict[Key, str],
) -> str:
    rows = []
    for site, visit in zip(ill, stated, strict=True):
        state, column = scenario.states[site.subject.id], site.subject.columns[0].name
        first = next((p for p in visit.pages if p.column_name == column and p.page_kind == "column"), None)
        key = (site.subject.id, column)
        changed = "changed" if texts[key] != now[key] else "no change"
        rows.append(
            [state.zh, visit.outcome, first.outcome if first else "–", said[site.subject.id], changed]
        )
    header = [
        "state (nothing new was published)",
        "site",
        "its first column",
        "plain spider",
        "fetch-and-diff",
    ]
    return f"### States that are not “no updates”\n\n{table(header, rows)}"


def main() -> None:
    measured = measure()
    sys.stdout.write(measured + "\n")
    if "--write" in sys.argv[1:]:
        before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(MARKS[0])
        after = rest.partition(MARKS[1])[2]
        DOCUMENT.write_text(f"{before}{MARKS[0]}\n\n{measured}\n\n{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
