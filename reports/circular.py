"""The quarterly circular (通报) with its two annexes, from the published file alone.

The same published file and ``circular.yml`` give the same bytes. Word is what the office signs; HTML and
Markdown are for reading; the annexes and the list of findings go to the organisers as they are.
"""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from extractors.files import write_whole
from reports import wording
from reports.letter import Letter, read_letter
from reports.published import AnnexRow, Summary, read_summary
from reports.safe_text import csv_bytes, markdown_text
from reports.spreadsheets import Sheet, findings_sheets, workbook
from reports.word import ANNEX1_TITLE, ANNEX2_TITLE, circular_docx
from settings import Settings

ANNEX1_HEADER = ("序号", "网站名称", "主办单位", "存在的突出问题")
ANNEX2_HEADER = ("序号", "新媒体名称", "主办单位", "第三方平台", "存在的突出问题")


@dataclass(frozen=True, slots=True)
class CircularFiles:
    """Where the circular was written."""

    word: Path
    html: Path
    markdown: Path
    annexes: Path
    annex1: Path
    annex2: Path
    findings: Path

    def __str__(self) -> str:
        return (
            f"通报　　 {self.word}\n　　　　 {self.html}\n　　　　 {self.markdown}\n附件　　 {self.annexes}\n"
            f"附件1　　{self.annex1}\n附件2　　{self.annex2}\n问题清单 {self.findings}"
        )


def write_circular(settings: Settings, period: str, registry: Path | None = None) -> CircularFiles:
    """Write the circular of ``period`` under ``data/reports/<period>/``, each file whole or not at all.

    Raises :class:`UserError` where nothing is published, ``circular.yml`` or the office's own template is
    at fault; ``ValueError`` where ``period`` is not a quarter.
    """
    summary = read_summary(settings, period)
    letter = read_letter(registry or settings.registry)
    when = summary.provenance.published_at
    note = f"注：检查采样时间为{wording.sampled(summary)}"
    folder = settings.reports / str(summary.period)
    files = CircularFiles(
        word=folder / "circular.docx",
        html=folder / "circular.html",
        markdown=folder / "circular.md",
        annexes=folder / "annexes.xlsx",
        annex1=folder / "annex1_websites.csv",
        annex2=folder / "annex2_accounts.csv",
        findings=folder / "findings_by_organiser.xlsx",
    )
    contents = {
        files.word: circular_docx(summary, letter, settings.circular_template),
        files.html: _render(_HTML.get_template("circular.html.j2"), summary, letter),
        files.markdown: _render(_MARKDOWN.get_template("circular.md.j2"), summary, letter),
        files.annexes: workbook(
            [
                Sheet("附件1", ANNEX1_TITLE, ANNEX1_HEADER, annex1_cells(summary.annex1), note),
                Sheet("附件2", ANNEX2_TITLE, ANNEX2_HEADER, annex2_cells(summary.annex2), note),
            ],
            when,
        ),
        files.findings: workbook(findings_sheets(summary.findings, note), when),
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


def _render(template: Template, summary: Summary, letter: Letter) -> bytes:
    text = template.render(
        summary=summary,
        plan=summary.plan,
        provenance=summary.provenance,
        title=f"关于{wording.title(summary, letter.region)}",
        region=letter.region,
        wording=wording,
        sampled=wording.sampled(summary),
        annexes=(
            (ANNEX1_TITLE, ANNEX1_HEADER, annex1_cells(summary.annex1)),
            (ANNEX2_TITLE, ANNEX2_HEADER, annex2_cells(summary.annex2)),
        ),
    )
    return text.encode()
