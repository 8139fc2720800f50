"""The period in the terminal: the two rates, the two annexes, and where everything lies."""

from collections.abc import Sequence

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from reports.circular import ANNEX1_HEADER, ANNEX2_HEADER, annex1_cells, annex2_cells
from reports.published import Rate, Summary, read_summary
from reports.word import ANNEX1_TITLE, ANNEX2_TITLE
from settings import Settings

__all__ = ["print_summary", "read_summary"]

_WIDEST = 2000
_KINDS = {"website": "政府网站", "account": "政务新媒体"}


def print_summary(console: Console, settings: Settings, period: str) -> None:
    """Print ``period`` as published. Raises as :func:`reports.published.read_summary` does."""
    summary = read_summary(settings, period)
    console.print(Text(f"{summary.period.zh}检查结果", style="bold"))
    for kind in _KINDS:
        total = summary.total(kind)
        if total is not None:
            console.print(rate_line(total), soft_wrap=True)
    _show(console, _rates_table("政府网站分类", "网站类别", summary.breakdown("website", "site_class")))
    _show(console, _rates_table("政务新媒体分平台", "第三方平台", summary.breakdown("account", "platform")))
    _show(console, _table(f"附件1　{ANNEX1_TITLE}", ANNEX1_HEADER, annex1_cells(summary.annex1)))
    _show(console, _scored_table(summary))
    _show(console, _table(f"附件2　{ANNEX2_TITLE}", ANNEX2_HEADER, annex2_cells(summary.annex2)))
    if summary.open:
        rows = [(row.name, row.organiser, row.group, row.reason) for row in summary.open]
        _show(console, _table("未能判定的对象", ("名称", "主办单位", "平台或类别", "原因"), rows))
    for warning in summary.provenance.warnings:
        console.print(Text(f"数据检验提醒：{warning}", style="yellow"), soft_wrap=True)
    _print_places(console, settings, summary)


def rate_line(rate: Rate) -> Text:
    """One rate in one line: ``政务新媒体 210/216 = 97.2%``, and why it is provisional where it is."""
    line = Text(f"{_KINDS[rate.subject_kind]} {rate.passed}/{rate.checked} = {rate.text}", style="bold green")
    if rate.proviso:
        line.append(f"（{rate.proviso}）", style="yellow")
    return line


def _show(console: Console, table: Table) -> None:
    """A name is never cut: a terminal folds it, and a pipe or a file gets the width that the table needs."""
    if not console.is_terminal:
        needed = Measurement.get(console, console.options.update(max_width=_WIDEST), table).maximum
        console = Console(file=console.file, width=needed)
    console.print(table, soft_wrap=False)


def _rates_table(title: str, header: str, rates: list[Rate]) -> Table:
    columns = (header, "登记", "已判定", "合格", "不合格", "未能判定", "合格率")
    rows = [
        (
            rate.name,
            *map(str, (rate.registered, rate.checked, rate.passed, rate.failed, rate.undetermined)),
            rate.text + ("（暂定）" if rate.is_provisional else ""),
        )
        for rate in rates
    ]
    return _table(title, columns, rows)


def _scored_table(summary: Summary) -> Table:
    rows = [
        (str(n), row.name, row.organiser, row.group, row.measured, row.problem)
        for n, row in enumerate(summary.scored, start=1)
    ]
    return _table(
        "评分不达标的网站（不列入附件1）", ("序号", "网站名称", "主办单位", "类别", "评分", "问题"), rows
    )


def _table(title: str, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    table = Table(title=title, title_justify="left")
    for column in header:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))  # as text: a name is never markup
    return table


def _print_places(console: Console, settings: Settings, summary: Summary) -> None:
    for name, path in (
        ("数据文件", settings.published_file),
        ("发布清单", settings.published / "manifest.json"),
        ("证据", settings.evidence),
        ("数据检验", settings.quality / "data_docs" / "local_site" / "index.html"),
        ("通报", settings.reports / str(summary.period) / "circular.docx"),
        ("总目录", settings.reports / "index.html"),
        ("看板", settings.reports / str(summary.period) / "dashboard" / "index.html"),
    ):
        there = "" if path.exists() else "（尚未生成）"
        console.print(Text(f"{name.ljust(4, '　')}　{path}{there}"), soft_wrap=True)
