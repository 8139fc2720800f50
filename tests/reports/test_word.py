"""The Word circular, read again and held against the published numbers."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from docx import Document
from marts_tables import PERIOD, Marts, Subject
from published_case import model_quarter, publish

from errors import UserError
from reports.circular import annex1_cells, annex2_cells, write_circular
from reports.letter import Letter, read_letter
from reports.published import Summary, read_summary
from reports.templates.draw_circular import draw
from reports.word import SHIPPED, circular_docx
from settings import Settings

LETTER = Letter(organ="湛江市人民政府办公室", number="湛府办〔2021〕12号", basis=("《甲》", "《乙》"))


def summary_of(tmp_path: Path, subjects: list[Subject]) -> Summary:
    settings = Settings(data=tmp_path / "data")
    publish(settings, Marts(subjects))
    return read_summary(settings, PERIOD)


@pytest.fixture
def model(tmp_path: Path) -> Summary:
    return summary_of(tmp_path, model_quarter())


def text_of(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)


def tables_of(content: bytes) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in Document(io.BytesIO(content)).tables
    ]


def test_every_number_of_the_body_is_a_published_one(model: Summary) -> None:
    body = text_of(circular_docx(model, LETTER))
    overall = body[body.index("一、总体情况") : body.index("二、主要问题")]
    published = {
        str(number)
        for rate in model.rates
        for number in (rate.registered, rate.checked, rate.passed, rate.failed, rate.undetermined)
    }
    published |= {rate.text for rate in model.rates} | {str(len(model.annex1)), str(len(model.scored))}
    counted = re.findall(r"(?:\d+(?:\.\d+)?%|\d+(?=个))", overall)
    assert {"97.2%", "85%", "216", "210", "47", "40"} <= set(counted) <= published


def test_both_annexes_are_the_published_rows(model: Summary) -> None:
    *_, annex1, annex2 = tables_of(circular_docx(model, LETTER))
    assert annex1[0] == ["序号", "网站名称", "主办单位", "存在的突出问题"]
    assert annex1[1:] == [list(row) for row in annex1_cells(model.annex1)]
    assert annex2[0] == ["序号", "新媒体名称", "主办单位", "第三方平台", "存在的突出问题"]
    assert annex2[1:] == [list(row) for row in annex2_cells(model.annex2)]
    assert (len(annex1), len(annex2)) == (5, 7)


def test_the_rates_tables_are_the_published_rows(model: Summary) -> None:
    sites, platforms, *_ = tables_of(circular_docx(model, LETTER))
    for table, kind, breakdown in ((sites, "website", "site_class"), (platforms, "account", "platform")):
        assert table[1:] == [
            [r.name, *map(str, (r.registered, r.checked, r.passed, r.failed, r.undetermined)), r.text]
            for r in model.breakdown(kind, breakdown)
        ]


def test_what_was_not_seen_is_stated_in_words(tmp_path: Path) -> None:
    unseen = Subject("account", "douyin:x", "看不到的号", "甲局", "douyin", open={"M2.1": "出现验证码"})
    seen = Subject("account", "douyin:y", "看到的号", "乙局", "douyin")
    content = circular_docx(summary_of(tmp_path, [unseen, seen]), LETTER)
    body = text_of(content)
    assert "总体合格率100.0%（暂定：另有1个账号未能判定）" in body
    assert "以下1个对象因故未能看到或未能判定，不计入合格率的分母，不作为不合格通报" in body
    rows = [row for table in tables_of(content) for row in table]
    assert ["1", "看不到的号", "甲局", "抖音短视频", "M2.1 出现验证码"] in rows


def test_what_became_of_earlier_findings_is_told(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    marts = Marts(model_quarter())
    for state, name in (("rectified", "甲"), ("rectified", "乙"), ("overdue", "丙"), ("overdue", "丙")):
        row = {"period": "2020Q4", "state": state, "subject_name": name}
        marts.tables["marts.fct_rectification"].append(row)
    marts.tables["marts.fct_rectification"].append({"period": PERIOD, "state": "open", "subject_name": "丁"})
    publish(settings, marts)
    body = text_of(circular_docx(read_summary(settings, PERIOD), LETTER))
    assert "以往各季度检查发现的问题共4个：已整改2个，逾期未整改2个（丙）。" in body


def test_a_hostile_name_is_only_text(tmp_path: Path) -> None:
    name = "<w:p>{{ 7*7 }}</w:p>&amp;"
    failed = Subject("account", "weibo:1", name, "甲局", "weibo", findings={"M2.1": "无更新"})
    content = circular_docx(summary_of(tmp_path, [failed]), LETTER)
    assert name in [cell for row in tables_of(content)[-1] for cell in row]


def test_page_and_type_follow_the_standard(model: Summary) -> None:
    document = Document(io.BytesIO(circular_docx(model, LETTER)))
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins if margin] == [37, 35, 28, 26]
    assert [round(side.mm) for side in (section.page_width, section.page_height) if side] == [210, 297]
    normal = document.styles["Normal"]
    assert normal.font.size is not None and normal.font.size.pt == 16
    spacing = normal.paragraph_format.line_spacing
    assert 22 * spacing.pt <= 225 / 25.4 * 72 < 23 * spacing.pt  # 22 lines on 225 mm
    assert "— " in section.footer.paragraphs[0].text and document.settings.odd_and_even_pages_header_footer


def test_the_same_numbers_give_the_same_bytes(model: Summary) -> None:
    assert circular_docx(model, LETTER) == circular_docx(model, LETTER)


def test_the_shipped_template_is_the_drawn_one() -> None:
    drawn = io.BytesIO()
    draw().save(drawn)
    with zipfile.ZipFile(SHIPPED) as shipped, zipfile.ZipFile(drawn) as now:
        for part in ("word/document.xml", "word/styles.xml", "word/fontTable.xml"):
            assert shipped.read(part) == now.read(part), (
                f"{part}：请运行 python -m reports.templates.draw_circular"
            )


def test_an_office_edits_its_own_template(model: Summary, tmp_path: Path) -> None:
    document = draw()
    document.add_paragraph("联系人：{{ letter.organ }}秘书科")
    document.save(str(tmp_path / "own.docx"))
    assert "联系人：湛江市人民政府办公室秘书科" in text_of(
        circular_docx(model, LETTER, tmp_path / "own.docx")
    )


@pytest.mark.parametrize(("words", "said"), [("{{ nothing }}", "own.docx"), ("{% if %}", "own.docx")])
def test_a_fault_in_an_offices_template_is_said(
    model: Summary, tmp_path: Path, words: str, said: str
) -> None:
    document = draw()
    document.add_paragraph(words)
    document.save(str(tmp_path / "own.docx"))
    with pytest.raises(UserError, match=said):
        circular_docx(model, LETTER, tmp_path / "own.docx")


def test_a_template_that_is_no_docx_is_said(model: Summary, tmp_path: Path) -> None:
    (tmp_path / "own.docx").write_text("不是 docx", "utf-8")
    with pytest.raises(UserError, match="不是可读的"):
        circular_docx(model, LETTER, tmp_path / "own.docx")


def test_what_the_office_has_not_written_is_a_blank(model: Summary, tmp_path: Path) -> None:
    body = text_of(circular_docx(model, read_letter(tmp_path)))
    assert "（发文机关）" in body and "（主送机关）：" in body and "年　月　日" in body


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("organ: [", "不是可读的"),
        ("oragn: 甲", "oragn：不认识的项"),
        ("signed_on: 五月", "signed_on：应写作 2021-05-11"),
        ("organ: [甲]", "organ：写法不对"),
    ],
)
def test_faults_in_the_letter_are_said(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "circular.yml").write_text(content, "utf-8")
    with pytest.raises(UserError, match=said):
        read_letter(tmp_path)


def test_all_files_are_written_whole(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", registry=tmp_path)
    publish(settings, Marts(model_quarter()))
    files = write_circular(settings, PERIOD)
    written = sorted(path.name for path in files.word.parent.iterdir())
    assert written == sorted(
        path.name
        for path in (
            files.word, files.html, files.markdown, files.annexes, files.annex1, files.annex2, files.findings
        )
    )  # fmt: skip
