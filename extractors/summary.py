"""What a run came to: subjects per platform and outcome, from the landed captures alone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from extractors.outcomes import OK, Outcome

_NAMES: Mapping[str, str] = {
    "douyin": "抖音",
    "kuaishou": "快手",
    "wechat": "微信",
    "weibo": "微博",
    "websites": "网站",
}
# Below this share of readable looks, a platform is not "some accounts failed" but out of order.
_HEALTHY = 0.5


@dataclass(frozen=True, slots=True)
class Summary:
    """``counts``: platform (or ``websites``) → outcome → subjects, each by its best attempt."""

    period: str
    run_id: str
    counts: Mapping[str, Mapping[Outcome, int]]

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
    def healthy(self) -> bool:
        """Whether something has landed and every platform could mostly be read."""
        return bool(self.counts) and not self.ailing

    def __str__(self) -> str:
        lines = [f"采集 {self.run_id}（{self.period}）"]
        for group, outcomes in self.counts.items():
            parts = "，".join(f"{outcome.zh} {count}" for outcome, count in outcomes.items())
            note = "；读到的不足一半" if group in self.ailing else ""
            lines.append(f"  {_NAMES.get(group, group)} {sum(outcomes.values())}：{parts}{note}")
        return "\n".join(lines if self.counts else [*lines, "  尚无已落地的采集"])


def summarise(landing: Path, period: str, run_id: str) -> Summary:
    """Count what has landed of ``run_id``."""
    best: dict[tuple[str, str], tuple[bool, int, Outcome]] = {}
    folder = landing / "captures" / f"period={period}" / f"run={run_id}"
    for file in sorted(folder.glob("shard=*.parquet")):
        columns = ["platform", "subject_id", "outcome", "attempt"]
        # One file is one table: its folders' names are not to be read as columns.
        for row in pq.ParquetFile(file).read(columns=columns).to_pylist():
            outcome = Outcome(row["outcome"])
            key = (row["platform"] or "websites", row["subject_id"])
            found = (outcome in OK, row["attempt"], outcome)
            best[key] = max(best.get(key, found), found, key=lambda look: look[:2])
    counts: dict[str, Counter[Outcome]] = {}
    for (group, _), (_, _, outcome) in sorted(best.items()):
        counts.setdefault(group, Counter())[outcome] += 1
    return Summary(period, run_id, counts)
