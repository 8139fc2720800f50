"""Two published results of one period side by side: whose verdict changes, and what each says of it."""

from dataclasses import astuple, dataclass
from pathlib import Path

import duckdb
from rich.console import Console

from errors import UserError
from extractors.files import write_whole
from reports.safe_text import csv_bytes

_QUERIES = Path(__file__).parent / "queries"
_KINDS = {"account": "新媒体", "website": "网站"}
_VERDICTS = {"pass": "合格", "fail": "不合格", "undetermined": "未能判定", "none": "不在其中"}
HEADER = ("对象类别", "名称", "主办单位", "平台或类别", "原判定", "另判定", "原依据", "另依据")


@dataclass(frozen=True, slots=True)
class Change:
    """A subject of which the second result says something else than the first. All in Chinese words."""

    kind: str
    name: str
    organiser: str
    group: str
    before: str
    after: str
    before_reason: str
    after_reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """``rates`` are (kind, rate as printed in the first, in the second), None where a kind is not in it."""

    rates: list[tuple[str, str | None, str | None]]
    changes: list[Change]


def compare(first: Path, second: Path, period: str) -> Comparison:
    """Compare ``period`` in two published files. Raises :class:`UserError` where one cannot be read."""
    for path in (first, second):
        if not path.is_file():
            raise UserError(f"找不到已发布的数据 {path}；请先运行 xunjian assess --period {period}")
    with duckdb.connect() as connection:
        for name, path in (("first", first), ("second", second)):
            quoted = str(path).replace("'", "''")
            connection.execute(f"attach '{quoted}' as {name} (read_only)")
        try:
            rates = connection.execute(_query("changed_rates"), {"period": period}).fetchall()
            rows = connection.execute(_query("changed_verdicts"), {"period": period}).fetchall()
        except duckdb.Error as error:
            first_line = str(error).splitlines()[0]
            raise UserError(f"两份已发布的数据无法比较，请重新运行 xunjian assess（{first_line}）") from None
    return Comparison(
        rates=[(_KINDS[kind], before, after) for kind, before, after in rates],
        changes=[
            Change(_KINDS[kind], name, organiser, group, _VERDICTS[before], _VERDICTS[after], *reasons)
            for kind, name, organiser, group, before, after, *reasons in rows
        ],
    )


def report_changes(out: Console, comparison: Comparison, path: Path) -> None:
    """Print the comparison, and write all changes to ``path`` (CSV that a spreadsheet may open)."""
    for kind, before, after in comparison.rates:
        out.print(f"{kind}合格率：原 {before or '无'}，另 {after or '无'}", markup=False)
    out.print(f"判定有变化的 {len(comparison.changes)} 个，逐个及两边依据见 {path}", markup=False)
    for change in comparison.changes:
        out.print(
            f"  {change.kind} {change.name}（{change.organiser}）：{change.before} → {change.after}；"
            f"原 {change.before_reason}；另 {change.after_reason}",
            markup=False,
        )
    write_whole(path, csv_bytes(HEADER, [astuple(change) for change in comparison.changes]))


def _query(name: str) -> str:
    return (_QUERIES / f"{name}.sql").read_text(encoding="utf-8")
