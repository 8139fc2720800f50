"""Every state of every platform, with a fresh, a stale or an empty account behind it, seen in real Chromium.

``python -m tests.extractors.state_matrix`` writes ``docs/state-matrix.md``; a test keeps that file true.
"""

import asyncio
import base64
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extractors.browser import Browser
from extractors.outcomes import OK, Outcome
from extractors.plan import Plan
from extractors.platforms.catalogue import PLATFORMS
from extractors.platforms.channels import proved_nothing, unmet
from extractors.platforms.visit import account_visitor
from extractors.records import Subject
from extractors.rows import Occasion, Rows, rows_of
from replica.scenario import Scenario
from replica.scenario import Subject as ReplicaSubject
from replica.server import running_replica
from replica.sessions import write_sessions
from replica.states import ALL_STATES, State
from settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "state-matrix.md"
WELL = "well"
BEHIND = ("fresh", "stale", "empty")
PLAN = Plan.model_validate(
    {
        "period": "2021Q1",
        "sampling": {"from": "2021-01-01", "to": "2021-03-31"},
        "monitoring_points": ["2021-03-31T23:59:59+08:00"],
        "indicators": ["M2"],
        "since": "2021-03-10",
    }
)
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
# One backend page serves all of 微信's, one after another: what never answers is waited for less long there.
_AT_ONCE, _PAGE_SECONDS = {"wechat": 1}, {"wechat": 8.0}


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


@dataclass
class Seen:
    """What was seen of a cell: the rows of its looks, in order."""

    looks: list[Rows] = field(default_factory=list)

    @property
    def outcomes(self) -> list[str]:
        return [str(look["captures"][0]["outcome"]) for look in self.looks]

    @property
    def verdict(self) -> str:
        """Design §4 in a few lines: a post in the window passes; only a whole list that reaches back past
        the window fails; everything else is undetermined."""
        captures = [(look["captures"][0], look["posts"]) for look in self.looks]
        known = [
            (capture, posts)
            for capture, posts in captures
            if Outcome(capture["outcome"]) in OK
            and f"{capture['platform']}:{capture['identity_seen']}" == capture["subject_id"]
        ]
        times = [post["published_at"] for _, posts in known for post in posts if not post["is_deleted"]]
        if not unmet([(at, at) for at in times], PLAN.monitoring_points):
            return "pass"
        proofs = [
            capture
            for capture, _ in known
            if capture["outcome"] == Outcome.OK_COMPLETE
            and (capture["reached_end"] or capture["oldest_seen"] <= PLAN.windows_start)
        ]
        return "fail" if proofs else "undetermined"


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


def look_at(platform: str, folder: Path) -> dict[Cell, Seen]:
    """Look at every cell of ``platform`` as the engine would, second channel included; nothing twice."""
    cells = cells_of(platform)
    subjects = [
        ReplicaSubject(platform, cell.subject.uid, cell.subject.name, "合成县某局", _TIMELINES[cell.behind])
        for cell in cells
    ]
    scenario = Scenario(folder, _SCRIPT, subjects)
    for cell in cells:
        if cell.state != WELL:
            scenario.set_state(cell.subject.id, cell.state)
    write_sessions(folder / "sessions")
    with running_replica(scenario) as replica:
        settings = Settings(
            data=folder / "data", sessions=folder / "sessions", proxy=replica.proxy_url, tls_verify=False,
            pace_seconds=0, page_seconds=_PAGE_SECONDS.get(platform, 20.0),
        )  # fmt: skip
        return asyncio.run(_look_at_all(cells, settings))


async def _look_at_all(cells: list[Cell], settings: Settings) -> dict[Cell, Seen]:
    platform = cells[0].platform
    at_once = asyncio.Semaphore(_AT_ONCE.get(platform, 8))
    first_the_slow = sorted(cells, key=lambda cell: cell.state != "timeout")

    async with Browser(settings) as browser, account_visitor(browser, platform, settings) as visitor:

        async def one(cell: Cell) -> Seen:
            seen = Seen()
            async with at_once:
                for number, way in enumerate(visitor.ways(cell.subject)):
                    if number and not proved_nothing(seen.looks, PLAN):
                        break
                    visit = await visitor.visit(cell.subject, PLAN, way)
                    look = Occasion("matrix", PLAN.period, platform, 1 + 2 * number, datetime.now(UTC), 0)
                    seen.looks.append(rows_of(cell.subject, visit, look, ((item, "") for item in visit.seen)))
            return seen

        seen = dict(zip(first_the_slow, await asyncio.gather(*map(one, first_the_slow)), strict=True))
        return {cell: seen[cell] for cell in cells}


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
"监测时间点前2周内无更新" that follows.

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
        _seen = {}
        for _name in PLATFORMS:
            (_place := Path(_folder) / _name).mkdir()
            _seen[_name] = look_at(_name, _place)
    PAGE.write_text(as_page(_seen), encoding="utf-8")
