"""What a person must be told of a run: one message a run, however many accounts it concerns.

``data/runs/<run_id>/alerts.json`` holds the message as data, for whatever channel sends it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from extractors.files import write_whole
from extractors.outcomes import BLOCKED, OK, Outcome
from extractors.shards import run_folder
from extractors.summary import NAMES, Summary
from settings import Settings

log = structlog.get_logger(__name__)

# What a person can mend; what concerns one subject alone is in the tables, not in the message.
_FOR_A_PERSON = BLOCKED | {Outcome.LAYOUT_CHANGED}


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to do. ``kind``: ``quarantined``, ``refused``, ``unreadable`` or ``unfinished``.

    ``platform``: its code, ``websites``, or a shard's name where it did not end, empty for the whole run.
    ``subjects``: how many it concerns. ``message`` and ``advice`` are Chinese, one line each.
    """

    kind: str
    platform: str
    subjects: int
    message: str
    advice: str

    def __str__(self) -> str:
        return f"{self.message}。{self.advice}"


def alerts_of(summary: Summary, unfinished: Mapping[str, str] | None = None) -> list[Alert]:
    """Everything a person must do about a run. ``unfinished``: shards that did not end, with the reason."""
    why = dict.fromkeys(summary.missing, "没有落地") | dict(unfinished or {})
    return [*_quarantined(summary), *_refused(summary), *_unreadable(summary), *_unfinished(summary, why)]


def _quarantined(summary: Summary) -> Iterator[Alert]:
    for platform, quiet in summary.quarantined.items():
        total = sum(summary.counts.get(platform, {}).values())
        yield Alert(
            "quarantined",
            platform,
            total,
            f"{NAMES[platform]}：{len(summary.canaries[platform])} 个每天更新的对照账号中有 {len(quiet)} 个"
            f"没有读作已更新（{'、'.join(quiet)}），本次对该平台 {total} 个账号都不得判“未更新”",
            "在浏览器中打开对照账号核对：若它确已停更，在 canaries 表中换一个再评定；"
            "否则检查登录与解析后重新采集",
        )


def _refused(summary: Summary) -> Iterator[Alert]:
    for group, outcomes in summary.counts.items():
        for outcome, count in outcomes.items():
            if outcome in _FOR_A_PERSON:
                message = f"{NAMES[group]}：{count} 个对象“{outcome.zh}”"
                advice = outcome.advice.replace("xunjian login", f"xunjian login {group}")
                yield Alert("refused", group, count, message, advice)


def _unreadable(summary: Summary) -> Iterator[Alert]:
    for group in summary.ailing:
        outcomes = summary.counts[group]
        most = max((o for o in outcomes if o not in OK), key=lambda outcome: outcomes[outcome])
        if most not in _FOR_A_PERSON:
            message = f"{NAMES[group]}：读到的不足一半，多为“{most.zh}”"
            yield Alert("unreadable", group, outcomes[most], message, most.advice)


def _unfinished(summary: Summary, why: Mapping[str, str]) -> Iterator[Alert]:
    command = f"xunjian capture --period {summary.period} --run-id {summary.run_id}"
    for shard, reason in why.items():
        yield Alert("unfinished", shard, 0, f"{shard} 没有采完：{reason}", f"再次运行 {command} 接着采")
    if not summary.counts and not why:
        yield Alert("unfinished", "", 0, "这次采集没有落地任何数据", f"核对运行号和日志，再运行 {command}")


def alerts_file(settings: Settings, run_id: str) -> Path:
    return run_folder(settings, run_id) / "alerts.json"


def tell(settings: Settings, run_id: str, alerts: list[Alert]) -> None:
    """Write the run's one message (an empty one takes back what an earlier attempt said) and log it."""
    message = {
        "run_id": run_id,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "alerts": [asdict(alert) for alert in alerts],
    }
    content = json.dumps(message, ensure_ascii=False, indent=1).encode()
    write_whole(alerts_file(settings, run_id), content + b"\n")
    if alerts:
        log.warning("run_needs_a_person", run=run_id, alerts=[alert.message for alert in alerts])
