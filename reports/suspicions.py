"""What waits for a reviewer, from the published file: W1's suspicions and the checks that were left open."""

from typing import Any

from rich.console import Console
from rich.text import Text

from errors import UserError
from reports.published import open_published
from reports.safe_text import csv_bytes
from settings import Settings

STATUSES = {"open": "待复核", "expired": "排除已到期", "confirmed": "属实", "cleared": "排除"}
_COLUMNS = {
    "suspicion_id": "线索编号", "status": "状态", "subject_name": "对象", "organiser": "主办单位",
    "kind_name": "种类", "title": "标题", "what_zh": "看到了什么", "task": "请复核人", "url": "网址",
    "first_evidence_sha256": "证据一", "second_evidence_sha256": "证据二", "reviewer": "复核人",
    "reason": "理由", "expires_on": "有效期",
}  # fmt: skip


def read_suspicions(settings: Settings, period: str, *, every: bool = False) -> list[dict[str, Any]]:
    """What is open in ``period`` (or ``every`` one, whatever was decided): undecided first, by site, kind.

    Raises :class:`UserError` where nothing is published or the file does not hold the period.
    """
    with open_published(settings) as published:
        if not published.rows("plan", period=period):
            raise UserError(f"已发布的数据中没有 {period}，请先运行 xunjian assess --period {period}")
        return published.rows("suspicions", period=period, every=every)


def suspicions_csv(rows: list[dict[str, Any]]) -> bytes:
    """The list as a spreadsheet's CSV; titles come from other people's pages and stay text."""
    cells = [[_cell(row, name) for name in _COLUMNS] for row in rows]
    return csv_bytes(list(_COLUMNS.values()), cells)


def print_suspicions(console: Console, rows: list[dict[str, Any]]) -> None:
    """The list for a terminal: a few lines for each suspicion."""
    for row in rows:
        heading = f"{row['suspicion_id']}　{row['kind_name']}　{row['subject_name'] or ''}"
        console.print(Text(heading, style="bold"), soft_wrap=True)
        for line in (_one_line(row["title"]), _one_line(row["what_zh"]), row["url"], _decided(row)):
            if line:
                console.print(Text(f"    {line}"), soft_wrap=True)
        evidence = [row[name] for name in ("first_evidence_sha256", "second_evidence_sha256") if row[name]]
        if evidence:
            console.print(Text(f"    证据 {' '.join(evidence)}", style="dim"), soft_wrap=True)
        console.print(Text(f"    请复核人：{row['task']}"), soft_wrap=True)
    undecided = sum(row["status"] in ("open", "expired") for row in rows)
    console.print(
        Text(f"共 {len(rows)} 条，待复核 {undecided} 条；结论写入台账的 reviews 表"), soft_wrap=True
    )


def _decided(row: dict[str, Any]) -> str:
    if row["status"] == "open":
        return ""
    until = f"，有效期至 {row['expires_on']}" if row["expires_on"] else ""
    return f"{STATUSES[row['status']]}：{row['reviewer']}，{_one_line(row['reason'])}{until}"


def _cell(row: dict[str, Any], name: str) -> str:
    value = STATUSES[row["status"]] if name == "status" else row[name]
    return "" if value is None else str(value)


def _one_line(text: str) -> str:
    return " ".join(text.split())
