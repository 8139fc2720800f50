"""Draws ``circular.docx``, the Word template of the circular, in the layout of GB/T 9704-2012.

An office edits the .docx itself in Word; this is only how the shipped one came to be, so that a change
of it can be read. ``python -m reports.templates.draw_circular`` draws it again.
"""

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

TEMPLATE = Path(__file__).with_name("circular.docx")

# 5.2.1: A4, 天头 37 mm, 订口 28 mm, 版心 156 mm × 225 mm. 5.2.3: 22 lines a page, 28 characters a line.
_TOP, _BOTTOM, _LEFT, _RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)
_BODY = Pt(16)  # 三号
_LINE = Pt(28.95)  # 225 mm / 22
_CHARACTER = 15.75  # pt: a little under 156 mm / 28
_FANGSONG, _HEI, _KAI, _SONG = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"
_LATIN = "Times New Roman"
_RED = RGBColor(0xE6, 0x00, 0x12)

# Where the font is missing, Word and LibreOffice take the first of these that the machine has.
_FALLBACKS = {
    _FANGSONG: "仿宋;FangSong;STFangsong;华文仿宋;FZFangSong-Z02;Noto Serif CJK SC",
    _KAI: "楷体;KaiTi;STKaiti;华文楷体;AR PL UKai CN;Noto Serif CJK SC",
    _HEI: "SimHei;STHeiti;华文黑体;Noto Sans CJK SC",
    _SONG: "FZXiaoBiaoSong-B05S;华文中宋;STZhongsong;Noto Serif CJK SC",
    "宋体": "SimSun;STSong;Noto Serif CJK SC",
}

_STYLES: dict[str, dict[str, Any]] = {
    "版头": {"font": _SONG, "size": 35, "align": "center", "colour": _RED, "line": 56, "indent": 0},
    "发文字号": {"font": _FANGSONG, "size": 16, "align": "center", "indent": 0},
    "公文标题": {"font": _SONG, "size": 22, "align": "center", "line": 36, "indent": 0},
    "主送机关": {"font": _FANGSONG, "size": 16, "indent": 0},
    "一级标题": {"font": _HEI, "size": 16, "outline": 0},
    "二级标题": {"font": _KAI, "size": 16, "outline": 1},
    "三级标题": {"font": _FANGSONG, "size": 16, "outline": 2, "bold": True},
    "附件说明": {"font": _FANGSONG, "size": 16},
    "落款": {"font": _FANGSONG, "size": 16, "align": "right", "indent": 0},
    "附件标签": {"font": _HEI, "size": 16, "indent": 0},
    "表题": {"font": _HEI, "size": 12, "align": "center", "line": 22, "indent": 0, "keep": True},
    "表文": {"font": _FANGSONG, "size": 12, "align": "left", "line": 20, "indent": 0},
    "表头": {"font": _HEI, "size": 12, "align": "center", "line": 20, "indent": 0},
    "注": {"font": _FANGSONG, "size": 10.5, "line": 17, "indent": 0, "align": "left"},
    "版记": {"font": _FANGSONG, "size": 14, "indent": 0, "line": 26},
}
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def draw() -> Any:
    """The template as a python-docx document."""
    document = Document()
    _page(document)
    _styles(document)
    _fallback_fonts(document)
    _head(document)
    _overall(document)
    _problems(document)
    _rectification(document)
    _open_subjects(document)
    _next_steps(document)
    _close(document)
    _annexes(document)
    document.core_properties.title = "政府网站与政务新媒体检查情况通报（模板）"
    document.core_properties.author = ""
    return document


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = _TOP, _BOTTOM
    section.left_margin, section.right_margin = _LEFT, _RIGHT
    # 7.5: the page number stands 7 mm below the text: — 1 —, odd pages right, even pages left.
    section.footer_distance = Mm(35 - 7 - 5)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(round(_LINE.pt * 20)))
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, "right")
    _page_number(section.even_page_footer, "left")


def _page_number(footer: Any, side: str) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = _ALIGN[side]
    indent = paragraph.paragraph_format
    indent.first_line_indent = 0
    indent.left_indent, indent.right_indent = (0, Pt(14)) if side == "right" else (Pt(14), 0)
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text or "")
        _font(run._element.get_or_add_rPr(), "宋体", Pt(14))
        if text is None:
            for tag, value in (("fldChar", "begin"), ("instrText", "PAGE"), ("fldChar", "end")):
                element = OxmlElement(f"w:{tag}")
                if tag == "instrText":
                    element.text = value
                else:
                    element.set(qn("w:fldCharType"), value)
                run._element.append(element)


def _font(properties: Any, east_asian: str, size: Any, bold: bool = False) -> None:
    """``w:rPr``: Chinese text in ``east_asian``, digits and Latin letters in Times New Roman."""
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    fonts = OxmlElement("w:rFonts")
    for slot, face in (("ascii", _LATIN), ("hAnsi", _LATIN), ("eastAsia", east_asian), ("cs", _LATIN)):
        fonts.set(qn(f"w:{slot}"), face)
    properties.insert(0, fonts)
    for tag in ("w:sz", "w:szCs"):
        element = properties.find(qn(tag))
        if element is None:
            element = OxmlElement(tag)
            properties.append(element)
        element.set(qn("w:val"), str(round(size.pt * 2)))
    if bold:
        properties.append(OxmlElement("w:b"))


def _styles(document: Any) -> None:
    normal = document.styles["Normal"]
    run = normal.element.get_or_add_rPr()
    _font(run, _FANGSONG, _BODY)
    # 28 characters a line by spacing, not by a character grid: only Word lays out by that grid.
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(round((_CHARACTER - _BODY.pt) * 20)))
    run.append(spacing)
    _paragraph(normal, {"align": "both"})
    for name, look in _STYLES.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.quick_style = True
        _font(style.element.get_or_add_rPr(), look["font"], Pt(look["size"]), look.get("bold", False))
        if "colour" in look:
            style.font.color.rgb = look["colour"]
        _paragraph(style, look)


def _paragraph(style: Any, look: dict[str, Any]) -> None:
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = Pt(look["line"]) if "line" in look else _LINE
    layout.alignment = _ALIGN[look.get("align", "both")]
    layout.widow_control = False
    properties = style.element.get_or_add_pPr()
    indent = properties.find(qn("w:ind"))
    if indent is None:
        indent = OxmlElement("w:ind")
        properties.append(indent)
    characters = look.get("indent", 2)  # 7.3.3: each paragraph begins two characters in
    indent.set(qn("w:firstLineChars"), str(characters * 100))
    indent.set(qn("w:firstLine"), str(round(characters * _CHARACTER * 20)))
    layout.keep_with_next = "outline" in look or look.get("keep", False)
    if "outline" in look:
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), str(look["outline"]))
        properties.append(level)


def _fallback_fonts(document: Any) -> None:
    part = next(p for p in document.part.package.iter_parts() if p.partname == "/word/fontTable.xml")
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in _FALLBACKS.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", entries.encode() + b"</w:fonts>")


def _head(document: Any) -> None:
    document.add_paragraph("{{ letter.organ }}文件", "版头")
    document.add_paragraph("", "发文字号")
    number = document.add_paragraph("{{ letter.number }}", "发文字号")
    _red_line(number)
    document.add_paragraph("", "发文字号")
    document.add_paragraph("{{ letter.organ }}关于{{ title }}", "公文标题")
    document.add_paragraph("", "主送机关")
    document.add_paragraph("{{ letter.addressees }}：", "主送机关")
    document.add_paragraph(
        "为贯彻落实{{ basis }}要求，{{ letter.inspectors }}组织开展了{{ period_zh }}{{ letter.region }}"
        "政府网站与政务新媒体检查工作，现将有关情况通报如下："
    )


def _red_line(paragraph: Any) -> None:
    """7.2.7 版头中的分隔线."""
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "18"), ("space", "6"), ("color", "E60012")):
        bottom.set(qn(f"w:{key}"), value)
    borders.append(bottom)
    paragraph._element.get_or_add_pPr().append(borders)


def _overall(document: Any) -> None:
    document.add_paragraph("一、总体情况", "一级标题")
    document.add_paragraph("{%p if websites %}")
    document.add_paragraph("{{ websites_text }}")
    _rates_table(document, "表1　各类政府网站检查情况", "网站类别", "site_classes")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p if accounts %}")
    document.add_paragraph("{{ accounts_text }}")
    _rates_table(document, "表2　各平台政务新媒体检查情况", "第三方平台", "platforms")
    document.add_paragraph("{%p endif %}")


def _rates_table(document: Any, caption: str, header: str, rows: str) -> None:
    document.add_paragraph(caption, "表题")
    cells = ["name", "registered", "checked", "passed", "failed", "undetermined", "text"]
    _table(
        document,
        [header, "登记数", "已判定", "合格", "不合格", "未能判定", "合格率"],
        rows,
        [f"{{{{ row.{cell} }}}}" for cell in cells],
        [34, 18, 20, 18, 20, 22, 24],
        centred=range(1, 7),
        together=True,
    )


def _table(
    document: Any,
    header: list[str],
    rows: str,
    cells: list[str],
    widths: list[int],
    centred: Any = (),
    together: bool = False,
) -> None:
    """A bordered table: its head, repeated on each page, and one row for each of ``rows``. Widths in mm.

    ``together`` keeps a short table on one page.
    """
    table = document.add_table(rows=4, cols=len(header))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row, texts, style in (
        (table.rows[0], header, "表头"),
        (table.rows[1], [f"{{%tr for row in {rows} %}}", *[""] * (len(header) - 1)], "表文"),
        (table.rows[2], cells, "表文"),
        (table.rows[3], ["{%tr endfor %}", *[""] * (len(header) - 1)], "表文"),
    ):
        for number, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
            cell.width = Mm(width)
            cell.paragraphs[0].text = text
            cell.paragraphs[0].style = document.styles[style]
            cell.paragraphs[0].paragraph_format.keep_with_next = together or style == "表头"
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            if style == "表文" and number in centred:
                cell.paragraphs[0].alignment = _ALIGN["center"]
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _problems(document: Any) -> None:
    document.add_paragraph("二、主要问题", "一级标题")
    document.add_paragraph("{%p for problem in problems %}")
    document.add_paragraph("（{{ problem.ordinal }}）{{ problem.name }}", "二级标题")
    document.add_paragraph("{{ problem.text }}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p if scored %}")
    document.add_paragraph("（{{ scored_ordinal }}）{{ scored[0].problem }}的网站", "二级标题")
    document.add_paragraph(
        "以下{{ scored | length }}个网站未出现单项否决情形，因{{ scored[0].problem }}判定为不合格，"
        "不列入附件1。"
    )
    _table(
        document,
        ["序号", "网站名称", "主办单位", "网站类别", "评分"],
        "scored",
        [
            "{{ loop.index }}",
            "{{ row.name }}",
            "{{ row.organiser }}",
            "{{ row.group }}",
            "{{ row.measured }}",
        ],
        [14, 48, 48, 26, 20],
        centred=(0, 3, 4),
    )
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p if not problems and not scored %}")
    document.add_paragraph("本次检查未发现问题。")
    document.add_paragraph("{%p endif %}")


def _rectification(document: Any) -> None:
    document.add_paragraph("三、整改情况", "一级标题")
    document.add_paragraph("{{ rectification }}")


def _open_subjects(document: Any) -> None:
    document.add_paragraph("四、未能判定的对象", "一级标题")
    document.add_paragraph("{%p if open %}")
    document.add_paragraph(
        "以下{{ open | length }}个对象因故未能看到或未能判定，"
        "不计入合格率的分母，不作为不合格通报，由检查单位补查。"
    )
    _table(
        document,
        ["序号", "名称", "主办单位", "平台或类别", "原因"],
        "open",
        ["{{ loop.index }}", "{{ row.name }}", "{{ row.organiser }}", "{{ row.group }}", "{{ row.reason }}"],
        [14, 38, 34, 26, 44],
        centred=(0, 3),
    )
    document.add_paragraph("{%p else %}")
    document.add_paragraph("本次检查的对象均已判定。")
    document.add_paragraph("{%p endif %}")


_NEXT_STEPS = (
    (
        "压实信息发布审核责任",
        "各单位要严格落实信息发布审核制度，坚持先审后发，对重点稿件反复核校，确保发布信息内容及时、合法、"
        "完整、准确，如实标注发布日期，坚决防止内容不当、文题不符等问题。",
    ),
    (
        "加强内容建设和日常运维",
        "各单位要对照检查指标，定期巡检所属网站栏目和政务新媒体账号，及时更新内容，清理空白栏目和长期不更新"
        "的账号，畅通互动渠道，按时答复群众留言。",
    ),
    (
        "规范开设、变更和关停管理",
        "各单位要通过全国信息报送系统如实填报网站和账号的开设、变更、关停情况。申请关停的账号须先在第三方平台"
        "完成注销，再在线报备。",
    ),
    (
        "抓好问题整改",
        "被通报的单位要对照附件所列问题逐项整改，举一反三开展自查，并及时反馈整改结果。对整改情况将进行复核，"
        "整改不到位的，纳入下一季度通报。",
    ),
)


def _next_steps(document: Any) -> None:
    document.add_paragraph("五、下一步工作要求", "一级标题")
    for ordinal, (heading, text) in zip("一二三四", _NEXT_STEPS, strict=True):
        document.add_paragraph(f"（{ordinal}）{heading}", "二级标题")
        document.add_paragraph(text)


def _close(document: Any) -> None:
    document.add_paragraph("")
    document.add_paragraph("附件：1.{{ annex1_title }}", "附件说明")
    second = document.add_paragraph("2.{{ annex2_title }}", "附件说明")
    second.paragraph_format.first_line_indent = Pt(5 * _CHARACTER)
    second._element.get_or_add_pPr().find(qn("w:ind")).set(qn("w:firstLineChars"), "500")
    document.add_paragraph("")
    document.add_paragraph("")
    for text in ("{{ letter.organ }}", "{{ signed_on }}"):
        line = document.add_paragraph(text, "落款")
        line.paragraph_format.right_indent = Pt(4 * _CHARACTER)
    document.add_paragraph("{%p if letter.copies_to %}")
    copies = document.add_paragraph("抄送：{{ letter.copies_to }}。", "版记")
    copies.paragraph_format.space_before = _LINE
    document.add_paragraph("{%p endif %}")


def _annexes(document: Any) -> None:
    for number, header, cells, widths in (
        (
            1,
            ["序号", "网站名称", "主办单位", "存在的突出问题"],
            ["{{ loop.index }}", "{{ row.name }}", "{{ row.organiser }}", "{{ row.problem }}"],
            [14, 42, 42, 58],
        ),
        (
            2,
            ["序号", "新媒体名称", "主办单位", "第三方平台", "存在的突出问题"],
            [
                "{{ loop.index }}",
                "{{ row.name }}",
                "{{ row.organiser }}",
                "{{ row.group }}",
                "{{ row.problem }}",
            ],
            [13, 36, 28, 27, 52],
        ),
    ):
        document.add_section(WD_SECTION.NEW_PAGE)
        document.add_paragraph(f"附件{number}", "附件标签")
        document.add_paragraph("", "附件标签")
        document.add_paragraph(f"{{{{ annex{number}_title }}}}", "公文标题")
        document.add_paragraph("（{{ period_zh }}）", "表题")
        _table(document, header, f"annex{number}", cells, widths, centred=(0, 3) if number == 2 else (0,))
        document.add_paragraph(f"{{%p if not annex{number} %}}")
        document.add_paragraph("（无）", "表题")
        document.add_paragraph("{%p endif %}")
        document.add_paragraph("注：检查采样时间为{{ sampled }}", "注")
    document.add_paragraph(
        "数据文件 {{ provenance.file }}（SHA-256 {{ provenance.sha256 }}），发布于"
        "{{ published_at }}（北京时间）；监测时间点：{{ points }}；检查规则：{{ rule_set_name }}。",
        "注",
    )


if __name__ == "__main__":
    draw().save(str(TEMPLATE))
