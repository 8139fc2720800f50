"""The library's pages in Chinese: its fixed words replaced, and each check told in the words of our suites.

What the library puts together itself from a check's own parameters stays beside it, translated where a
phrase is known; columns and values keep their names.
"""

import re
from collections.abc import Callable
from typing import Any

from great_expectations.render import RenderedStringTemplateContent
from great_expectations.render.renderer.content_block import ValidationResultsTableContentBlockRenderer

_WORDS = {
    "Overview": "概览",
    "Statistics": "统计",
    "Info": "说明",
    "Expectation Suite:": "检验组：",
    "Expectation Suite Name": "检验组",
    "Status:": "结果：",
    "Succeeded": "通过",
    "Failed": "不通过",
    "Evaluated Expectations": "检查项",
    "Successful Expectations": "通过",
    "Unsuccessful Expectations": "不通过",
    "Success Percent": "通过率",
    "Great Expectations Version": "检验工具版本",
    "Run Name": "检验",
    "Run Time": "时间（UTC）",
    "Table-Level Expectations": "整张表",
    "Status": "结果",
    "Expectation": "检查项",
    "Observed Value": "实测",
    "Notes": "说明",
    "Notes:": "说明：",
    "Unexpected Value": "不符的值",
    "Count": "个数",
    "Sampled Unexpected Values": "不符的值（部分）",
    # The data asset is a frame in memory: it has no name to show.
    "${suite_title} ${expectation_suite_name}\n ${data_asset} ${data_asset_name}\n ${status_title} "
    "${html_success_icon} ${success}": (
        "${suite_title} ${expectation_suite_name}\n ${status_title} ${html_success_icon} ${success}"
    ),
}
# Of a frame in memory they say nothing.
_LEFT_OUT = {"Batch Markers", "Batch Parameters", "Batch Kwargs", "Batch Spec"}
_PHRASES = [
    (re.compile(pattern), words)
    for pattern, words in (
        (r"Values for given compound columns must be unique together: ?", "以下各列合在一起不得重复："),
        (r"values must belong to this set: ?", "只能取这些值："),
        (r"values must never be null\.?", "不得为空"),
        (r"values must be unique\.?", "不得重复"),
        (r"values must match this regular expression: ?", "必须符合格式："),
        (r"values must always be greater than or equal to (\S+)", r"不得小于 \1"),
        (
            r"values must be greater than or equal to (\S+?) and less than or equal to (\S+?)\.?$",
            r"必须在 \1 与 \2 之间",
        ),
        (r"values must be greater than or equal to (\S+?)\.?$", r"不得小于 \1"),
        (r"values must be less than or equal to (\S+?)\.?$", r"不得大于 \1"),
        (r"Values in (\S+) must (?:always )?be greater than those in ([$\w]+)\.?", r"\1 必须大于 \2"),
        (
            r"Values in (\S+) must (?:always )?be greater than or equal to those in ([$\w]+)\.?",
            r"\1 不得小于 \2",
        ),
        (r"Values in ([$\w]+) and ([$\w]+) must (?:always )?be equal\.?", r"\1 与 \2 必须相同"),
        (r"Must have greater than or equal to (\S+) rows\.?", r"至少 \1 行"),
        (r"Must have exactly (\S+) rows\.?", r"恰好 \1 行"),
        (r"(\S+) unexpected values found\. (\S+) of (\S+) total rows\.", r"\3 行中有 \1 行不符（\2）"),
        (
            r"This Expectation suite currently contains (\d+) total Expectations across (\d+) columns\.",
            r"共 \1 项检查，涉及 \2 列。",
        ),
        (r", at least (\S+) % of the time", r"，至少 \1% 的行如此"),
        (r"% unexpected$", "% 不符"),
        (r"% not null$", "% 不为空"),
    )
]


def in_chinese(content: Any) -> Any:
    """A rendered page's content with the library's own words replaced; what comes from data is left alone."""
    if isinstance(content, dict):
        return {
            key: _phrased(value) if key == "template" and isinstance(value, str) else in_chinese(value)
            for key, value in content.items()
        }
    if isinstance(content, list):
        return [in_chinese(item) for item in content if _header(item) not in _LEFT_OUT]
    return _phrased(content) if isinstance(content, str) else content


def _phrased(text: str) -> str:
    if text in _WORDS:
        return _WORDS[text]
    for pattern, words in _PHRASES:
        text = pattern.sub(words, text)
    return text


def _header(block: Any) -> str:
    header = block.get("header") if isinstance(block, dict) else None
    template = header.get("string_template", {}) if isinstance(header, dict) else {}
    return str(template.get("template", ""))


class ChineseTable(ValidationResultsTableContentBlockRenderer):
    """The table of checks, each told first by what its failure means and what to do (``suite.said``)."""

    @classmethod
    def _get_content_block_fn(
        cls, expectation_type: str, expectation_config: Any = None
    ) -> Callable[..., Any] | None:
        rows_of = super()._get_content_block_fn(expectation_type, expectation_config)
        assert rows_of is not None

        def told(*arguments: Any, result: Any = None, **options: Any) -> Any:
            rows = rows_of(*arguments, result=result, **options)
            cell = rows[0][1]
            rows[0][1] = [_told(result), *(cell if isinstance(cell, list) else [cell])]
            return rows

        return told


def _told(result: Any) -> RenderedStringTemplateContent:
    said = result.expectation_config.meta
    found = "没有发现：$what" if result.success else "发现：$what。怎么办：$todo"
    return RenderedStringTemplateContent(
        content_block_type="string_template",
        string_template={
            "template": found,
            "params": {"what": said["what"], "todo": said["todo"]},
            "tag": "p",
            "styling": {"classes": ["said"]},
        },
    )
