"""Every state of every platform, with a fresh, a stale or an empty account behind it, seen in real Chromium
and judged by the real marts.

``python -m tests.extractors.state_matrix`` writes ``docs/state-matrix.md``; a test keeps that file true.
"""

import asyncio
import base64
import csv
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from extractors import evidence
from extractors.browser import Browser
from extractors.landing import land_shard
from extractors.platforms.catalogue import PLATFORMS
from extractors.platforms.channels import proved_nothing
from extractors.platforms.visit import Visitor, account_visitor
from extractors.records import Subject
from extractors.registry import Registry, read_registry
from extractors.registry.snapshot import land_snapshot
from extractors.rows import Occasion, Rows, rows_of
from replica.scenario import Scenario
from replica.scenario import Subject as ReplicaSubject
from replica.server import running_replica
from replica.sessions import write_sessions
from replica.states import ALL_STATES, State
from settings import Settings
from warehouse import build, load

PAGE = Path(__file__).parents[2] / "docs" / "state-matrix.md"
WELL = "well"
BEHIND = ("fresh", "stale", "empty")
PLAN = """period: 2021Q1
sampling: {from: 2021-01-01, to: 2021-03-31}
monitoring_points: ["2021-03-31T23:59:59+08:00"]
indicators: [M2]
since: 2021-03-10
"""
_TIMELINES: Mapping[str, Mapping[str, Any]] = {
    "fresh": {"latest": "2021-03-30T10:00:00+08:00"},
    "stale": {"latest": "2021-03-05T10:00:00+08:00"},
    "empty": {"posts": 0, "pinned": []},
}
# Old pinned items come first; four unpinned ones reach back past ``since``, so one page of a list is enough.
_DEFAULTS = {
    "posts": 16, "every_days": [8, 9], "pinned": ["2019-06-26T10:00:00+08:00"], "empty_slots": 0,
    "newest_days": [0, 1], "share_after_point": 0,
}  # fmt: skip
_SCRIPT = {
    "seed": "matrix",
    "now": "2021-04-01T09:00:00+08:00",
    "monitoring_point": "2021-03-31T23:59:59+08:00",
    "defaults": dict.fromkeys(PLATFORMS, _DEFAULTS),
}
# Accounts looked at side by side: pages of one visitor, or, where one page serves all, as many visitors.
_AT_ONCE = 4
_VISITORS = {"wechat": 4}


@dataclass(frozen=True)
class Cell:
    """One account: the state it is in, and what is behind it."""

    platform: str
    state: str
    behind: str
    number: int

    @property
    def subject(self) -> Subject:
        uid = {
            "douyin": f"MS4wLjABAAAAmatrixMatrixMatrixMatrixMatrixMatrix_{self.number:03}",
            "kuaishou": f"3xmatrix{self.number:07}",
            "weibo": f"61000{self.number:05}",
            "wechat": base64.b64encode(f"30610{self.number:05}".encode()).decode(),
        }[self.platform]
        name = f"合成{self.state}{self.behind}"
        return Subject("account", f"{self.platform}:{uid}", name, self.platform, uid, "")


@dataclass(frozen=True)
class Seen:
    """Of a cell: the outcomes of its looks, in order, what the first said, and the marts' word."""

    outcomes: tuple[str, ...]
    detail: str
    verdict: str
    reason: str


def states_of(platform: str) -> dict[str, State]:
    """The states that differ, the healthy one first: some have two names."""
    chosen = {WELL: State("正常", ("ok_complete",), {})}
    for name, state in ALL_STATES[platform].items():
        if state not in chosen.values():
            chosen[name] = state
    return chosen


def cells_of(platform: str) -> list[Cell]:
    pairs = [(state, behind) for state in states_of(platform) for behind in BEHIND]
    return [Cell(platform, state, behind, number) for number, (state, behind) in enumerate(pairs, 1)]


def see_everything(folder: Path) -> dict[str, dict[Cell, Seen]]:
    """Look at every cell of every platform, land it, and let the marts judge."""
    cells = {platform: cells_of(platform) for platform in PLATFORMS}
    every = [cell for of_platform in cells.values() for cell in of_platform]
    scenario = Scenario(folder, _SCRIPT, [
        ReplicaSubject(c.platform, c.subject.uid, c.subject.name, "合成县某局", _TIMELINES[c.behind])
        for c in every
    ])  # fmt: skip
    for cell in every:
        if cell.state != WELL:
            scenario.set_state(cell.subject.id, cell.state)
    write_sessions(folder / "sessions")
    registry = _registry(folder / "registry", every)
    with running_replica(scenario) as replica:
        settings = Settings(
            data=folder / "data", sessions=folder / "sessions", proxy=replica.proxy_url, tls_verify=False,
            pace_seconds=0, page_seconds=20, recycle_after=len(every) * 2,
        )  # fmt: skip
        looks = asyncio.run(_look_at_all(every, registry, settings))
    for platform, of_platform in cells.items():
        _land(settings, platform, [look for cell in of_platform for look in looks[cell]])
    land_snapshot(registry, settings)
    load(settings)
    build(settings, registry.plan.period)
    judged = _judged(settings)
    return {
        platform: {cell: _seen(looks[cell], judged[cell.subject.id]) for cell in of_platform}
        for platform, of_platform in cells.items()
    }


def _registry(folder: Path, cells: list[Cell]) -> Registry:
    folder.mkdir()
    with (folder / "accounts.csv").open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines)
        table.writerow(["platform", "platform_uid", "account_name", "organiser", "status"])
        for cell in cells:
            who = cell.subject
            table.writerow([cell.platform, who.uid, who.name, "合成县某局", "active"])
    (folder / "plan.yml").write_text(PLAN, encoding="utf-8")
    return read_registry(folder)


async def _look_at_all(cells: list[Cell], registry: Registry, settings: Settings) -> dict[Cell, list[Rows]]:
    """As the engine would, second channel included and nothing twice; but not one after another."""
    looks: dict[Cell, list[Rows]] = defaultdict(list)

    async def work(visitor: Visitor, queue: list[Cell]) -> None:
        while queue:
            cell = queue.pop()
            for number, way in enumerate(visitor.ways(cell.subject)):
                if number and not proved_nothing(looks[cell], registry.plan):
                    break
                visit = await visitor.visit(cell.subject, registry.plan, way)
                look = Occasion(
                    "matrix", registry.plan.period, cell.platform, 1 + 2 * number, datetime.now(UTC), 0
                )
                stored = [(seen, evidence.store(settings.evidence, seen)) for seen in visit.seen]
                looks[cell].append(rows_of(cell.subject, visit, look, stored))

    async def platform(browser: Browser, name: str) -> None:
        # Who is longest waited for is begun with.
        queue = sorted((c for c in cells if c.platform == name), key=lambda cell: cell.state == "timeout")
        visitors = _VISITORS.get(name, 1)

        async def visits() -> None:
            async with account_visitor(browser, name, settings) as visitor:
                await asyncio.gather(*(work(visitor, queue) for _ in range(_AT_ONCE // visitors)))

        await asyncio.gather(*(visits() for _ in range(visitors)))

    async with Browser(settings) as browser:
        await asyncio.gather(*(platform(browser, name) for name in PLATFORMS))
    return looks


def _land(settings: Settings, platform: str, looks: list[Rows]) -> None:
    tables: Rows = defaultdict(list)
    for look in looks:
        for table, rows in look.items():
            tables[table] += rows
    land_shard(settings.landing, "2021Q1", "matrix", platform, tables)


def _judged(settings: Settings) -> dict[str, tuple[str, str]]:
    """Of every account the verdict, and what its one check says. Both marts must agree."""
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as marts:
        rows = marts.execute(
            "select subject_id, verdict, status, reason "
            "from marts.fct_verdicts inner join marts.fct_checks using (period, subject_kind, subject_id) "
            "where indicator_code = 'M2.1'"
        ).fetchall()
    assert all(verdict == status for _, verdict, status, _ in rows)
    return {subject: (verdict, reason) for subject, verdict, _, reason in rows}


def _seen(looks: list[Rows], judged: tuple[str, str]) -> Seen:
    captures = [look["captures"][0] for look in looks]
    return Seen(tuple(capture["outcome"] for capture in captures), captures[0]["detail"], *judged)


def wrong(seen: Mapping[Cell, Seen]) -> tuple[list[Cell], list[Cell]]:
    """The cells that fail though something was published, and those that pass though nothing was."""
    fails = [cell for cell, saw in seen.items() if saw.verdict == "fail" and cell.behind == "fresh"]
    passes = [cell for cell, saw in seen.items() if saw.verdict == "pass" and cell.behind != "fresh"]
    return fails, passes


def as_page(matrix: Mapping[str, Mapping[Cell, Seen]]) -> str:
    """The whole matrix as ``docs/state-matrix.md``."""
    return "\n".join([*_head(matrix), *(line for name in matrix for line in _table(name, matrix[name]))])


def _head(matrix: Mapping[str, Mapping[Cell, Seen]]) -> Iterator[str]:
    everything = {cell: saw for cells in matrix.values() for cell, saw in cells.items()}
    fails, passes = wrong(everything)
    verdicts = [saw.verdict for saw in everything.values()]
    counts = ", ".join(f"{verdicts.count(name)} {name}" for name in ("pass", "fail", "undetermined"))
    yield from f"""# State matrix

Every state of every platform, with an account behind it that published within the two weeks (*fresh*), before
them (*stale*) or never (*empty*), seen in real Chromium against the replica. Each cell: the outcome of the
look (of a second channel after `→`, where the first proved nothing), and the verdict on
"监测时间点前2周内无更新" as `marts.fct_verdicts` has it once these looks are landed, loaded and built.

Written by `python -m tests.extractors.state_matrix`; `tests/extractors/test_state_matrix.py` looks again
and keeps it true.

| cells | verdicts | wrong fails | wrong passes |
|---|---|---|---|
| {len(everything)} | {counts} | {len(fails)} | {len(passes)} |
""".splitlines()


def _table(platform: str, seen: Mapping[Cell, Seen]) -> Iterator[str]:
    yield from (
        "",
        f"## {platform}",
        "",
        "| state | shows itself as | fresh | stale | empty |",
        "|---|---|---|---|---|",
    )
    for name, state in states_of(platform).items():
        cells = [saw for cell, saw in seen.items() if cell.state == name]
        shown = [f"{' → '.join(saw.outcomes)}: **{saw.verdict}**" for saw in cells]
        yield f"| `{name}` | {state.zh} | {' | '.join(shown)} |"
    if platform == list(PLATFORMS)[-1]:
        yield ""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as _folder:
        PAGE.write_text(as_page(see_everything(Path(_folder))), encoding="utf-8")
