"""The landing border: what must hold of landed rows before any of them is loaded."""

from pathlib import Path

import pandas as pd
from great_expectations import expectations as gxe

from expectations.duties import menu_suite, message_suite, service_suite
from expectations.frames.landed import LandedFiles
from expectations.probes import probe_suite
from expectations.suite import Expectation, Suite, said
from extractors.outcomes import Outcome

SHA256 = r"^[0-9a-f]{64}$"
_OUTCOMES = [str(outcome) for outcome in Outcome]
_REPARSE = "检查解析程序，修正后用 xunjian reparse 重新解析"
_RECAPTURE = "重新采集所列对象（xunjian capture）"
_MOVE_AWAY = "把这次运行的落地文件移出 data/landing，再重新采集"


def landing_suites(landing: Path, period: str) -> list[Suite]:
    """The border's suites. Rows of a wrong shape are not looked at further: only the shape is reported."""
    files = LandedFiles(landing, period)
    shape = _shape(files.schema_frame())
    if not shape.frame["agreed"].equals(shape.frame["landed"]):
        return [shape]
    frames = files.row_frames()
    return [
        shape,
        _subjects(frames["subjects"]),
        _channels(frames["channels"]),
        _captures(frames["captures"]),
        _posts(frames["posts"]),
        _site_items(frames["site_items"]),
        _page_visits(frames["page_visits"]),
        message_suite(frames["site_messages"], [_capture_landed(), *_evidence_is_there()]),
        service_suite(frames["site_services"], [_capture_landed(), *_evidence_is_there()]),
        menu_suite(frames["account_menus"], [_capture_landed(), *_evidence_is_there()]),
        _evidence(frames["evidence"]),
        probe_suite(frames["probes"]),
    ]


def _shape(frame: pd.DataFrame) -> Suite:
    return Suite(
        "landing.schema",
        "落地文件的列与类型",
        frame,
        ["table", "column"],
        [
            said(
                gxe.ExpectColumnPairValuesToBeEqual(column_A="agreed", column_B="landed"),
                "critical",
                "落地文件的列或类型与约定不符",
                _MOVE_AWAY,
            )
        ],
    )


def _subjects(frame: pd.DataFrame) -> Suite:
    looked = "台账内未关停的对象本季度没有采集记录"
    return Suite(
        "landing.subjects",
        "台账与采集数量",
        frame,
        ["subject_kind", "subject_id"],
        [
            said(
                gxe.ExpectTableRowCountToBeBetween(min_value=1),
                "critical",
                "没有台账快照，或台账内没有未关停的对象",
                "检查 XUNJIAN_REGISTRY 指向的台账（xunjian registry check）",
            ),
            _never_null("subject_id", "台账对象没有标识", "在台账中补上账号标识或网站标识码"),
            said(
                gxe.ExpectCompoundColumnsToBeUnique(column_list=["subject_kind", "subject_id"]),
                "critical",
                "台账对象的标识重复",
                "在台账中删去重复的行",
            ),
            said(
                gxe.ExpectColumnValuesToBeInSet(column="captured", value_set=[True], mostly=0.9),
                "critical",
                f"{looked}，已超过一成",
                _RECAPTURE,
            ),
            said(
                gxe.ExpectColumnValuesToBeInSet(column="captured", value_set=[True]),
                "warning",
                looked,
                _RECAPTURE,
            ),
        ],
    )


def _channels(frame: pd.DataFrame) -> Suite:
    return Suite(
        "landing.channels",
        "各平台与网站的采集成功率",
        frame,
        ["channel"],
        [
            said(
                gxe.ExpectColumnValuesToBeBetween(column="success_share", min_value=0.5, max_value=1),
                "critical",
                "平台（或网站）的采集成功率不足 50%",
                "查看 xunjian captures-summary 的各类结果，排除登录、限流或改版后重新采集",
            ),
            said(
                gxe.ExpectColumnValuesToBeBetween(column="success_share", min_value=0.95, max_value=1),
                "warning",
                "平台（或网站）的采集成功率不足 95%",
                "查看 xunjian captures-summary，补采未读到的对象",
            ),
        ],
    )


def _captures(frame: pd.DataFrame) -> Suite:
    return Suite(
        "landing.captures",
        "采集记录",
        frame,
        ["subject_id", "capture_id"],
        [
            _never_null("capture_id", "采集记录没有编号", _MOVE_AWAY),
            _never_null("run_id", "采集记录没有运行号", _MOVE_AWAY),
            _never_null("subject_id", "采集记录没有对象标识", _MOVE_AWAY),
            _never_null("captured_at", "采集记录没有时间", _MOVE_AWAY),
            _never_null("outcome", "采集记录没有结果", _MOVE_AWAY),
            said(
                gxe.ExpectColumnValuesToBeUnique(column="capture_id"),
                "critical",
                "采集编号重复",
                "同一次运行落地了两遍，移走其中一份",
            ),
            said(
                gxe.ExpectColumnValuesToBeInSet(
                    column="subject_kind", value_set=["account", "website", "canary", "menu", "closed"]
                ),
                "critical",
                "采集记录的对象类型不是 account、website、canary、menu 或 closed",
                _MOVE_AWAY,
            ),
            _known_outcome(),
            *_evidence_is_there(),
        ],
    )


def _posts(frame: pd.DataFrame) -> Suite:
    return Suite(
        "landing.posts",
        "新媒体发布内容",
        frame,
        ["subject_id", "post_id"],
        [
            _never_null("capture_id", "发布内容没有采集编号", _REPARSE),
            _never_null("subject_id", "发布内容没有账号标识", _REPARSE),
            _never_null("post_id", "发布内容没有编号", _REPARSE),
            _never_null("published_at", "发布内容没有发布时间", _REPARSE),
            _never_null("evidence_sha256", "发布内容没有证据", _REPARSE),
            said(
                gxe.ExpectCompoundColumnsToBeUnique(column_list=["capture_id", "post_id"]),
                "critical",
                "同一次采集中发布内容重复",
                _REPARSE,
            ),
            said(
                gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                    column_A="ended_at",
                    column_B="published_at",
                    or_equal=True,
                    ignore_row_if="either_value_is_missing",
                ),
                "critical",
                "发布时间晚于采集时间",
                _REPARSE,
            ),
            _capture_landed(),
            *_evidence_is_there(),
        ],
    )


def _site_items(frame: pd.DataFrame) -> Suite:
    # One site may itself claim a day to come, and that is a finding about the site; many such rows
    # are a date parser gone wrong.
    def not_from_the_future(mostly: float) -> gxe.ExpectColumnPairValuesAToBeGreaterThanB:
        return gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="look_day",
            column_B="claimed_date",
            or_equal=True,
            mostly=mostly,
            ignore_row_if="either_value_is_missing",
        )

    return Suite(
        "landing.site_items",
        "网站栏目条目",
        frame,
        ["site_code", "column_name", "url"],
        [
            _never_null("capture_id", "网站条目没有采集编号", _REPARSE),
            _never_null("site_code", "网站条目没有网站标识码", _REPARSE),
            _never_null("evidence_sha256", "网站条目没有证据", _REPARSE),
            said(
                not_from_the_future(0.95),
                "critical",
                "超过 5% 的网站条目标注日期晚于采集日",
                _REPARSE,
            ),
            said(
                not_from_the_future(1),
                "warning",
                "网站条目标注日期晚于采集日",
                "人工核实该网站是否标注了将来的日期",
            ),
            _capture_landed(),
            *_evidence_is_there(),
        ],
    )


def _page_visits(frame: pd.DataFrame) -> Suite:
    return Suite(
        "landing.page_visits",
        "网站页面访问",
        frame,
        ["site_code", "url"],
        [
            _never_null("capture_id", "页面访问没有采集编号", _REPARSE),
            _never_null("site_code", "页面访问没有网站标识码", _REPARSE),
            _never_null("outcome", "页面访问没有结果", _REPARSE),
            _known_outcome(),
            _capture_landed(),
            *_evidence_is_there(),
        ],
    )


def _evidence(frame: pd.DataFrame) -> Suite:
    return Suite(
        "landing.evidence",
        "证据登记",
        frame,
        ["subject_id", "sha256"],
        [
            _never_null("capture_id", "证据没有采集编号", _MOVE_AWAY),
            _never_null("sha256", "证据没有哈希", _MOVE_AWAY),
            _is_sha256("sha256"),
            _capture_landed(),
        ],
    )


def _never_null(column: str, what: str, todo: str) -> Expectation:
    return said(gxe.ExpectColumnValuesToNotBeNull(column=column), "critical", what, todo)


def _known_outcome() -> Expectation:
    return said(
        gxe.ExpectColumnValuesToBeInSet(column="outcome", value_set=_OUTCOMES),
        "critical",
        "采集结果不在规定的取值之内",
        "检查结果分类程序，它只能写 extractors/outcomes.py 中的值",
    )


def _capture_landed() -> Expectation:
    return said(
        gxe.ExpectColumnValuesToBeInSet(column="capture_landed", value_set=[True]),
        "critical",
        "没有对应的采集记录",
        _MOVE_AWAY,
    )


def _is_sha256(column: str) -> Expectation:
    return said(
        gxe.ExpectColumnValuesToMatchRegex(column=column, regex=SHA256),
        "critical",
        "证据哈希不是 64 位十六进制",
        _MOVE_AWAY,
    )


def _evidence_is_there() -> list[Expectation]:
    """The hash is well formed, and its evidence landed too; a row without evidence has no hash."""
    return [
        _is_sha256("evidence_sha256"),
        said(
            gxe.ExpectColumnValuesToBeInSet(column="evidence_landed", value_set=[True]),
            "critical",
            "引用的证据没有落地",
            _MOVE_AWAY,
        ),
    ]
