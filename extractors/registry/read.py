"""From the office's files (CSV or XLSX, UTF-8 or GBK, English or Chinese headers) to parsed rows.

Every fault is collected with file, row, column and what to do; none stops the reading of the rest.
"""

import csv
import difflib
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from extractors.registry.tables import Table, as_cell

Row = dict[str, Any]
# A spreadsheet is hostile input too: no registry of a country is larger than this.
MAX_BYTES = 64 * 1024 * 1024


@dataclass(slots=True)
class Faults:
    """Everything that is wrong, in the order found, and what was passed over."""

    errors: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def add(self, file: str, advice: str, row: int | None = None, column: str | None = None) -> None:
        place = file
        if row is not None:
            place += f" 第 {row} 行"
        if column is not None:
            place += f" “{column}”列"
        self.errors.append(f"{place}：{advice}")


@dataclass(slots=True)
class TableRows:
    """One table's rows with the row number a person sees in the file (the header is row 1)."""

    file: str
    rows: list[tuple[int, Row]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)  # field name → header as written

    def header(self, name: str) -> str:
        return self.headers.get(name, name)


def _decode(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _csv_cells(path: Path, faults: Faults) -> list[list[str]]:
    content = _decode(path.read_bytes())
    if content is None or "\x00" in content:
        faults.add(path.name, "不是 UTF-8 或 GBK 文本，请另存为“CSV UTF-8”")
        return []
    try:
        return [list(row) for row in csv.reader(io.StringIO(content, newline=""), strict=True)]
    except csv.Error as error:
        faults.add(path.name, f"CSV 引号或分隔符不配对，请在表格软件中重新另存（{error}）")
        return []


def _xlsx_cells(path: Path, faults: Faults) -> list[list[str]]:
    try:
        workbook = load_workbook(path, read_only=True, data_only=True)
        sheet = workbook.worksheets[0]
        cells = [[as_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        workbook.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError):
        faults.add(path.name, "不是可读的 XLSX 工作簿，请用表格软件重新另存")
        return []
    return cells


def _find(directory: Path, table: Table, faults: Faults) -> Path | None:
    found = [path for suffix in (".csv", ".xlsx") if (path := directory / (table.name + suffix)).is_file()]
    if len(found) > 1:
        faults.add(table.name, "同时有 .csv 和 .xlsx，不知以哪个为准，请只留一个")
        return None
    return found[0] if found else None


def _match_headers(table: Table, cells: list[str], rows: TableRows, faults: Faults) -> dict[int, str]:
    """Which cell of a row belongs to which field. Faults: missing, twice; notices: unknown."""
    by_header = {word: item.name for item in table.fields for word in (item.name, *item.zh)}
    places: dict[int, str] = {}
    for index, cell in enumerate(cells):
        name = by_header.get(cell) or by_header.get(cell.lower())
        if name is None:
            if cell:
                near = difflib.get_close_matches(cell, by_header, n=1)
                hint = f"，是否想写“{near[0]}”" if near else ""
                faults.notices.append(f"{rows.file} 第 1 行：不认识的列“{cell}”，未读取{hint}")
        elif name in places.values():
            faults.add(rows.file, "这一列出现了两次，请只留一列", row=1, column=cell)
        else:
            places[index] = name
            rows.headers[name] = cell
    for item in table.fields:
        if item.required and item.name not in places.values():
            faults.add(rows.file, f"缺少列 {item.name}（{item.zh[0]}），请补上表头", row=1)
    return places


def read_table(directory: Path, table: Table, faults: Faults) -> TableRows | None:
    """All rows of one table, or None where the directory has no such file."""
    path = _find(directory, table, faults)
    if path is None:
        return None
    rows = TableRows(path.name)
    if path.stat().st_size > MAX_BYTES:
        faults.add(path.name, "文件超过 64 MB，请检查是否选错了文件")
        return rows
    grid = _csv_cells(path, faults) if path.suffix == ".csv" else _xlsx_cells(path, faults)
    if not grid:
        if not any(error.startswith(path.name) for error in faults.errors):
            faults.add(path.name, "文件是空的，至少要有表头")
        return rows
    places = _match_headers(table, [cell.strip() for cell in grid[0]], rows, faults)
    if not all(item.name in places.values() for item in table.fields if item.required):
        return rows
    for number, cells in enumerate(grid[1:], start=2):
        stripped = [cell.strip() for cell in cells]
        if not any(stripped):
            continue
        if any(stripped[len(grid[0]) :]):
            faults.add(
                path.name, f"有 {len(cells)} 格，表头只有 {len(grid[0])} 格，请检查逗号与引号", row=number
            )
            continue
        row = _parse_row(table, places, stripped, number, rows, faults)
        if row is not None:
            rows.rows.append((number, row))
    return rows


def _parse_row(
    table: Table, places: dict[int, str], cells: list[str], number: int, rows: TableRows, faults: Faults
) -> Row | None:
    raw = {name: cells[index] if index < len(cells) else "" for index, name in places.items()}
    row: Row = {}
    whole = True
    for item in table.fields:
        cell = raw.get(item.name, "")
        if not cell:
            row[item.name] = None
            if item.required:
                faults.add(rows.file, "不得为空，请填写", row=number, column=rows.header(item.name))
                whole = False
            continue
        try:
            row[item.name] = item.parse(cell)
        except ValueError as error:
            shown = cell if len(cell) <= 40 else cell[:40] + "…"
            faults.add(rows.file, f"“{shown}”{error}", row=number, column=rows.header(item.name))
            whole = False
    return row if whole else None
