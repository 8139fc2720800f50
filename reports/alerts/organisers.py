"""Findings and early warnings: each organiser hears of its own subjects alone. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from extractors.registry.tables import QUIET_ALL
from reports.alerts.message import Message, Route

Row = Mapping[str, Any]


def findings_messages(period: str, findings: Iterable[Row]) -> dict[str, Message]:
    """One message an organiser: what it has to mend."""
    return {
        organiser: Message(
            Route.ORGANISERS,
            f"findings/{period}/{'|'.join(sorted(row['key'] for row in rows))}",
            f"巡检：{organiser} {period} 检查发现 {len(rows)} 个问题",
            "\n".join(
                [
                    *(
                        f"{n}. {row['name']}（{row['group']}）：{row['problem']}"
                        + (f"，{row['measured']}" if row["measured"] else "")
                        for n, row in enumerate(rows, start=1)
                    ),
                    "如有异议，请在反馈期内提出，检查单位可提供证据。",
                ]
            ),
        )
        for organiser, rows in _by_organiser(findings).items()
    }


def warning_messages(warnings: Iterable[Row], quiet: Sequence[Row]) -> dict[str, list[Message]]:
    """One message a subject and level: whoever was not wholly seen is no idle one, and is not warned.

    ``quiet``: filed holidays and maintenance, during which nobody is warned.
    """
    messages: dict[str, list[Message]] = defaultdict(list)
    for row in warnings:
        if row["is_complete"] and not is_quiet(row, quiet):
            last = f"最近一次更新 {row['last_update']}" if row["last_update"] else "没有看到任何更新"
            messages[row["organiser"]].append(
                Message(
                    Route.ORGANISERS,
                    f"warning/{row['key']}",
                    f"巡检预警：{row['name']} {row['level_name']}",
                    f"{row['name']}（{row['group']}）{last}，"
                    + (f"已 {row['days']} 天。" if row["days"] is not None else "")
                    + "监测时间点前 14 天内无更新即单项否决，请及时发布。",
                )
            )
    return dict(messages)


def is_quiet(row: Row, quiet: Iterable[Row]) -> bool:
    """Whether the subject's look falls into a filed holiday or maintenance of its own or of everybody."""
    on: date = row["as_of"]
    mine = {QUIET_ALL, row["organiser"], row["subject_id"]}
    return any(entry["scope"] in mine and entry["from"] <= on <= entry["to"] for entry in quiet)


def _by_organiser(rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["organiser"]].append(row)
    return dict(groups)
