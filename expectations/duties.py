"""The landing border's suites for public messages (W5), service items (W6) and accounts' menus (M3)."""

import pandas as pd
from great_expectations import expectations as gxe

from expectations.suite import Expectation, Severity, Suite, said

_REPARSE = "检查解析程序，修正后用 xunjian reparse 重新解析"
_ELEMENTS = 8


def message_suite(frame: pd.DataFrame, landed: list[Expectation]) -> Suite:
    """A row is one public message, or a channel without a public list. ``landed``: what holds of every row
    that a look leaves."""
    return Suite(
        "landing.site_messages",
        "网站公开留言",
        frame,
        ["site_code", "column_name", "url"],
        [
            _present("capture_id", "公开留言没有采集编号"),
            _present("site_code", "公开留言没有网站标识码"),
            _present("evidence_sha256", "公开留言没有证据"),
            _true("is_whole", "critical", "公开留言缺少编号或提出日期", _REPARSE),
            # One site's slip is a finding about it; the check takes the answer as given.
            _true("answered_after_asked", "warning", "留言的回复日期早于提出日期", "人工核实该网站的日期"),
            *landed,
        ],
    )


def service_suite(frame: pd.DataFrame, landed: list[Expectation]) -> Suite:
    """A row is one service item, its guide read or not."""
    return Suite(
        "landing.site_services",
        "网站办事服务事项",
        frame,
        ["site_code", "column_name", "url"],
        [
            _present("capture_id", "办事事项没有采集编号"),
            _present("site_code", "办事事项没有网站标识码"),
            said(
                gxe.ExpectColumnValuesToBeInSet(column="elements", value_set=[_ELEMENTS]),
                "critical",
                "办事指南的要素不是八类",
                _REPARSE,
            ),
            _true("is_explained", "critical", "办事指南没有读到而未写原因，或相反", _REPARSE),
            *landed,
        ],
    )


def menu_suite(frame: pd.DataFrame, landed: list[Expectation]) -> Suite:
    """A row is one reading of an account's own menu."""
    return Suite(
        "landing.account_menus",
        "公众号自定义菜单",
        frame,
        ["subject_id"],
        [
            _present("capture_id", "自定义菜单没有采集编号"),
            _present("subject_id", "自定义菜单没有账号标识"),
            _present("is_open", "自定义菜单没有写明是否启用"),
            _present("evidence_sha256", "自定义菜单没有证据"),
            _true("is_json", "critical", "自定义菜单的菜单项读不懂", _REPARSE),
            _true("is_coherent", "critical", "没有启用的自定义菜单却有互动入口", _REPARSE),
            _true("is_own", "critical", "自定义菜单属于另一个公众号", _REPARSE),
            *landed,
        ],
    )


def _present(column: str, what: str) -> Expectation:
    return said(gxe.ExpectColumnValuesToNotBeNull(column=column), "critical", what, _REPARSE)


def _true(column: str, severity: Severity, what: str, todo: str) -> Expectation:
    return said(gxe.ExpectColumnValuesToBeInSet(column=column, value_set=[True]), severity, what, todo)
