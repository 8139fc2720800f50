"""The quarterly circular (通报) with its two annexes, from the published file alone.

The same published file gives the same bytes. The organ that issues it puts its name, number and date.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from extractors.files import write_whole
from extractors.periods import date_zh
from reports.published import AnnexRow, Summary, read_summary
from reports.safe_text import csv_bytes, markdown_text
from settings import Settings

ANNEX1_TITLE = "检查发现存在突出问题的政府网站名单"
ANNEX1_HEADER = ("序号", "网站名称", "主办单位", "存在的突出问题")
ANNEX2_TITLE = "检查发现存在突出问题的政务新媒体名单"
ANNEX2_HEADER = ("序号", "新媒体名称", "主办单位", "第三方平台", "存在的突出问题")

_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class CircularFiles:
    """Where the circular was written."""

    html: Path
    markdown: Path
    annex1: Path
    annex2: Path

    def __str__(self) -> str:
        return f"通报 {self.html}\n　　 {self.markdown}\n附件1 {self.annex1}\n附件2 {self.annex2}"


def write_circular(settings: Settings, period: str) -> CircularFiles:
    """Write the circular of ``period`` under ``data/reports/<period>/``, each file whole or not at all.

    Raises :class:`UserError` and ``ValueError`` as :func:`reports.published.read_summary` does.
    """
    summary = read_summary(settings, period)
    folder = settings.reports / str(summary.period)
    files = CircularFiles(
        html=folder / "circular.html",
        markdown=folder / "circular.md",
        annex1=folder / "annex1_websites.csv",
        annex2=folder / "annex2_accounts.csv",
    )
    contents = {
        files.html: _render(_HTML.get_template("circular.html.j2"), summary),
        files.markdown: _render(_MARKDOWN.get_template("circular.md.j2"), summary),
        files.annex1: csv_bytes(ANNEX1_HEADER, annex1_cells(summary.annex1)),
        files.annex2: csv_bytes(ANNEX2_HEADER, annex2_cells(summary.annex2)),
    }
    for path, content in contents.items():
        write_whole(path, content)
    return files


def annex1_cells(rows: list[AnnexRow]) -> list[tuple[str, ...]]:
    """附件1, cell by cell: 序号 网站名称 主办单位 存在的突出问题."""
    return [(str(n), row.name, row.organiser, row.problem) for n, row in enumerate(rows, start=1)]


def annex2_cells(rows: list[AnnexRow]) -> list[tuple[str, ...]]:
    """附件2, cell by cell: 序号 新媒体名称 主办单位 第三方平台 存在的突出问题."""
    return [(str(n), row.name, row.organiser, row.group, row.problem) for n, row in enumerate(rows, start=1)]


_TEMPLATES = FileSystemLoader(Path(__file__).parent / "templates")
_HTML = Environment(
    loader=_TEMPLATES, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
# Every value that a Markdown template puts in goes through markdown_text: none can be forgotten.
_MARKDOWN = Environment(
    loader=_TEMPLATES,
    autoescape=False,  # noqa: S701
    finalize=markdown_text,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _render(template: Template, summary: Summary) -> bytes:
    text = template.render(
        summary=summary,
        plan=summary.plan,
        provenance=summary.provenance,
        websites=summary.total("website"),
        accounts=summary.total("account"),
        title=f"关于{summary.period.zh}全市政府网站与政务新媒体检查情况的通报",
        sampled=span_zh(summary.plan.sampling_from, summary.plan.sampling_to),
        annexes=(
            (ANNEX1_TITLE, ANNEX1_HEADER, annex1_cells(summary.annex1)),
            (ANNEX2_TITLE, ANNEX2_HEADER, annex2_cells(summary.annex2)),
        ),
        ordinal=ordinal_zh,
    )
    return text.encode()


def span_zh(first: date, last: date) -> str:
    """As officials write a span of days: ``2021年1月1日至3月31日``; the year again only where it changes."""
    end = date_zh(last)
    return f"{date_zh(first)}至{end.partition('年')[2] if first.year == last.year else end}"


def ordinal_zh(number: int) -> str:
    """1–99 as sections are numbered: 一, 十, 十二, 二十一."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")
