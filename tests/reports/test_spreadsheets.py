"""Workbooks: the annexes as printed, one sheet an organiser, and nothing that runs."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from marts_tables import PERIOD, Marts, Subject
from openpyxl import load_workbook
from published_case import model_quarter, publish

from reports.circular import annex2_cells, write_circular
from reports.published import read_summary
from reports.spreadsheets import Sheet, findings_sheets, workbook
from settings import Settings

WHEN = datetime(2021, 5, 11, 2, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", registry=tmp_path)


def test_the_annexes_are_the_published_rows(settings: Settings) -> None:
    publish(settings, Marts(model_quarter()))
    book = load_workbook(write_circular(settings, PERIOD).annexes)
    assert book.sheetnames == ["附件1", "附件2"]
    rows = [[cell for cell in row if cell is not None] for row in book["附件2"].iter_rows(values_only=True)]
    assert rows[0] == ["检查发现存在突出问题的政务新媒体名单"]
    assert rows[1] == ["序号", "新媒体名称", "主办单位", "第三方平台", "存在的突出问题"]
    assert rows[2:-1] == [list(row) for row in annex2_cells(read_summary(settings, PERIOD).annex2)]
    assert rows[-1] == ["注：检查采样时间为2021年1月1日至3月31日"]


def test_each_organiser_has_one_sheet_in_the_registrys_order(settings: Settings) -> None:
    publish(settings, Marts(model_quarter()))
    book = load_workbook(write_circular(settings, PERIOD).findings)
    assert book.sheetnames == [
        "坡头区人民政府", "麻章区人民政府", "湛江市人民政府地方志办公室", "市民政局", "合成单位",
        "市公安局", "赤坎区政府", "麻章区政府", "徐闻县政府",
    ]  # fmt: skip
    assert [row[1] for row in book["市公安局"].iter_rows(min_row=3, max_row=5, values_only=True)] == [
        "湛江市e警通", "湛江霞山交警", "湛江交警",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1+2", "@SUM(A1)"])
def test_a_hostile_cell_is_text(settings: Settings, name: str) -> None:
    publish(settings, Marts([Subject("account", "weibo:1", name, name, "weibo", {"M2.1": name})]))
    files = write_circular(settings, PERIOD)
    for path in (files.annexes, files.findings):
        for sheet in load_workbook(path):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f" and not str(cell.value or "").startswith(
                        ("=", "+", "-", "@")
                    )


def test_sheets_of_like_names_are_kept_apart() -> None:
    long = "某某市某某区人民政府某某街道办事处综合行政执法办公室与网络信息中心"
    names = [long + "甲", long + "乙", "a/b", "a:b", ""]
    content = workbook([Sheet(name, "", ("列",), []) for name in names], WHEN)
    tabs = load_workbook(io.BytesIO(content)).sheetnames
    assert len(set(tabs)) == 5 and all(0 < len(tab) <= 31 for tab in tabs)
    assert tabs[2:] == ["a b", "a b（2）", "未填"]


def test_nothing_found_is_said() -> None:
    book = load_workbook(io.BytesIO(workbook(findings_sheets([], "注"), WHEN)))
    assert book["无"]["A1"].value == "检查未发现问题"


def test_the_same_rows_give_the_same_bytes() -> None:
    sheets = [Sheet("甲", "题", ("列",), [("值",)])]
    assert workbook(sheets, WHEN) == workbook(sheets, WHEN)
