"""What a run came to: subjects per platform and outcome, and what its canaries say; from landed captures."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from extractors.outcomes import OK, Outcome
from extractors.shards import frozen_run
from settings import Settings

NAMES: Mapping[str, str] = {
    "douyin": "抖音",
    "kuaishou": "快手",
    "wechat": "微信",
    "weibo": "微博",
    "websites": "网站",
}
# Below this share of readable looks, a platform is not "some accounts failed" but out of order.
_HEALTHY = 0.5
_COLUMNS = [
    "platform", "subject_kind", "subject_id", "outcome", "attempt", "captured_at", "server_date",
    "identity_seen", "newest_seen",
]  # fmt: skip


def reads_as_updated(capture: Mapping[str, Any], hours: float) -> bool:
    """Whether a landed look at a canary saw it updated within ``hours``, by the response's own clock.

    The warehouse says the same in ``int_platform_runs``: there it decides, here it is told at once.
    """
    newest, clock = capture["newest_seen"], capture["server_date"] or capture["captured_at"]
    if Outcome(capture["outcome"]) not in OK or newest is None:
        return False
    if f"{capture['platform']}:{capture['identity_seen']}" != capture["subject_id"]:
        return False
    return bool(newest >= clock - timedelta(hours=hours))


def landed_looks(landing: Path, period: str, run_id: str) -> Iterator[dict[str, Any]]:
    """The landed captures of a run, with what tells how each went."""
    folder = landing / "captures" / f"period={period}" / f"run={run_id}"
    for file in sorted(folder.glob("shard=*.parquet")):
        # One file is one table: its folders' names are not to be read as columns.
        yield from pq.ParquetFile(file).read(columns=_COLUMNS).to_pylist()


def last_canaries(landing: Path, platform: str) -> list[dict[str, Any]]:
    """The newest landed look at each canary of ``platform``, of the newest run that looked at any."""
    files = landing.glob(f"captures/period=*/run=*/shard={platform}.parquet")
    for file in sorted(files, key=lambda path: path.stat().st_mtime, reverse=True):
        rows = pq.ParquetFile(file).read(columns=_COLUMNS).to_pylist()
        newest = {row["subject_id"]: row for row in rows if row["subject_kind"] == "canary"}
        if newest:
            return list(newest.values())
    return []


@dataclass(frozen=True, slots=True)
class Summary:
    """``counts``: platform (or ``websites``) → outcome → subjects, each by its best attempt.

    ``canaries``: platform → canary → whether it read as updated. ``missing``: shards that have not landed.
    ``closed``: what was seen of accounts that are registered as closed; that they are gone is no illness.
    """

    period: str
    run_id: str
    counts: Mapping[str, Mapping[Outcome, int]]
    canaries: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    closed: Mapping[Outcome, int] = field(default_factory=dict)

    @property
    def ailing(self) -> list[str]:
        """Platforms of which less than half could be read."""
        return [
            group
            for group, outcomes in self.counts.items()
            if sum(outcomes[outcome] for outcome in outcomes if outcome in OK)
            < _HEALTHY * sum(outcomes.values())
        ]

    @property
    def quarantined(self) -> dict[str, list[str]]:
        """Platforms of which nothing may be said to be idle: the canaries that did not read as updated."""
        quiet = {
            name: [who for who, fine in seen.items() if not fine] for name, seen in self.canaries.items()
        }
        return {name: who for name, who in quiet.items() if who}

    @property
    def healthy(self) -> bool:
        """Whether something has landed, every platform could mostly be read, and no canary was missed."""
        return bool(self.counts) and not self.ailing and not self.quarantined

    def __str__(self) -> str:
        lines = [f"采集 {self.run_id}（{self.period}）"]
        for group, outcomes in self.counts.items():
            parts = "，".join(f"{outcome.zh} {count}" for outcome, count in outcomes.items())
            note = "；读到的不足一半" if group in self.ailing else ""
            if group != "websites":
                note += f"；{self._said_of_canaries(group)}"
            lines.append(f"  {NAMES.get(group, group)} {sum(outcomes.values())}：{parts}{note}")
        if self.closed:
            parts = "，".join(f"{outcome.zh} {count}" for outcome, count in self.closed.items())
            lines.append(f"  已关停账号 {sum(self.closed.values())}：{parts}")
        lines += [f"  {shard} 尚未落地" for shard in self.missing]
        return "\n".join(lines if self.counts else [*lines, "  尚无已落地的采集"])

    def _said_of_canaries(self, platform: str) -> str:
        seen = self.canaries.get(platform)
        if not seen:
            return "没有对照账号"
        verdict = "存疑，不得据此判未更新" if platform in self.quarantined else "可信"
        return f"对照账号 {sum(seen.values())}/{len(seen)} 读作已更新，{verdict}"


def summarise(settings: Settings, period: str, run_id: str) -> Summary:
    """Count what has landed of ``run_id``."""
    run = frozen_run(settings, run_id)
    hours = run.canary_hours if run else 48.0
    best: dict[tuple[str, str], tuple[bool, int, Outcome]] = {}
    canaries: dict[str, dict[str, bool]] = {}
    closed: dict[str, tuple[bool, int, Outcome]] = {}
    for row in landed_looks(settings.landing, period, run_id):
        group, subject, outcome = row["platform"] or "websites", row["subject_id"], Outcome(row["outcome"])
        if row["subject_kind"] == "menu":
            continue
        if row["subject_kind"] == "canary":
            seen = canaries.setdefault(group, {})
            seen[subject] = seen.get(subject, False) or reads_as_updated(row, hours)
            continue
        found = (outcome in OK, row["attempt"], outcome)
        if row["subject_kind"] == "closed":
            closed[subject] = max(closed.get(subject, found), found, key=lambda look: look[:2])
            continue
        best[group, subject] = max(best.get((group, subject), found), found, key=lambda look: look[:2])
    counts: dict[str, Counter[Outcome]] = {}
    for (group, _), (_, _, outcome) in sorted(best.items()):
        counts.setdefault(group, Counter())[outcome] += 1
    landed = {
        file.stem.removeprefix("shard=")
        for file in (settings.landing / "captures" / f"period={period}" / f"run={run_id}").glob("*.parquet")
    }
    missing = tuple(shard.name for shard in run.shards if shard.name not in landed) if run else ()
    of_closed = Counter(outcome for _, _, outcome in closed.values())
    return Summary(period, run_id, counts, canaries, missing, of_closed)
