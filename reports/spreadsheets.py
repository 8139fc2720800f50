"""Excel workbooks: the circular's annexes, and the findings that each organiser gets, a sheet each."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports.published import Finding
from reports.safe_text import csv_cell
from reports.settled import settled_zip

FINDINGS_HEADER = (
    "序号",
    "对象",
    "平台或类别",
    "指标",
    "条款",
    "存在的问题",
    "实测",
    "不合格条件",
    "监测时间点",
    "证据（SHA-256）",
)
_LINE = Side(style="thin")
_GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_SHEET_FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_SHEET_NAME_LENGTH = 31
_WIDEST = 26  # characters of the Latin alphabet; longer text is folded
_LINE_POINTS = 17


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its tab, the title above the table, the table, the note below it."""

    name: str
    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[object]]
    note: str = ""


def workbook(sheets: Sequence[Sheet], when: datetime) -> bytes:
    """An .xlsx of ``sheets``. Every cell is text or a number, never a formula; ``when`` is its date."""
    book = Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = set()
    for sheet in sheets:
        _fill(book.create_sheet(_tab(sheet.name, taken)), sheet)
    content = io.BytesIO()
    book.save(content)
    return settled_zip(content.getvalue(), when)


def findings_sheets(findings: Sequence[Finding], note: str) -> list[Sheet]:
    """One sheet an organiser, in the registry's order; a single empty one where nothing was found."""
    ordered = sorted(findings, key=lambda finding: finding.organiser_position)
    sheets = [
        Sheet(
            name=organiser,
            title=f"{organiser}：检查发现的问题",
            header=FINDINGS_HEADER,
            rows=[(n, *_finding_cells(finding)) for n, finding in enumerate(group, start=1)],
            note=note,
        )
        for (_, organiser), group in groupby(ordered, key=lambda f: (f.organiser_position, f.organiser))
    ]
    return sheets or [Sheet("无", "检查未发现问题", FINDINGS_HEADER, [], note)]


def _finding_cells(finding: Finding) -> tuple[object, ...]:
    return (
        finding.name,
        finding.group,
        finding.indicator,
        finding.clause,
        finding.problem,
        finding.measured,
        finding.threshold,
        finding.point,
        finding.evidence,
    )


def _fill(sheet: Worksheet, content: Sheet) -> None:
    width = len(content.header)
    sheet.append([csv_cell(content.title)])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet["A1"].font = Font(name="方正小标宋简体", size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.append(list(content.header))
    for row in content.rows:
        sheet.append([value if isinstance(value, int) else csv_cell(value) for value in row])
    for row in sheet.iter_rows(min_row=2, max_row=sheet.max_row, max_col=width):
        for cell in row:
            cell.border = _GRID
            cell.alignment = Alignment(vertical="center", wrap_text=True)
            cell.font = Font(name="黑体" if cell.row == 2 else "仿宋", size=12)
    if content.note:
        sheet.append([csv_cell(content.note)])
        sheet.merge_cells(start_row=sheet.max_row, start_column=1, end_row=sheet.max_row, end_column=width)
    widths = [
        min(max(_width(header), *(_width(str(row[number])) for row in content.rows), 4) + 2, _WIDEST)
        for number, header in enumerate(content.header)
    ]
    for number, characters in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = characters
    for place, row in enumerate(content.rows, start=3):  # Excel does not grow a row by itself
        lines = max(-(-_width(str(value)) // (wide - 2)) for value, wide in zip(row, widths, strict=True))
        sheet.row_dimensions[place].height = lines * _LINE_POINTS + 4
    sheet.freeze_panes = "A3"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if width > 5 else "portrait"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = "2:2"


def _width(text: str) -> int:
    """In characters of the Latin alphabet: a Chinese one is as wide as two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def _tab(name: str, taken: set[str]) -> str:
    """A sheet's name as Excel allows it: 31 characters, none of ``[]:*?/\\``, each once."""
    base = _SHEET_FORBIDDEN.sub(" ", name).strip()[:_SHEET_NAME_LENGTH] or "未填"
    tab, number = base, 2
    while tab.casefold() in taken:
        suffix = f"（{number}）"
        tab, number = base[: _SHEET_NAME_LENGTH - len(suffix)] + suffix, number + 1
    taken.add(tab.casefold())
    return tab
