"""The marts border: what must hold of the worked-out period before it is published."""

from pathlib import Path

import pandas as pd
from great_expectations import expectations as gxe

from expectations.frames.worked_out import mart_frames
from expectations.landing import SHA256
from expectations.suite import Expectation, Severity, Suite, said

_BUILD = "重新运行 xunjian build；若仍出现，检查 dbt 模型"
_CELL = ["subject_kind", "subject_id", "indicator_code", "monitoring_point"]
_RATE = ["subject_kind", "breakdown", "breakdown_value"]
_STATUSES = ["pass", "fail", "undetermined", "not_applicable"]
_VERDICTS = ["pass", "fail", "undetermined"]


def marts_suites(warehouse: Path, period: str) -> list[Suite]:
    """The border's suites over the working file. Raises :class:`UserError` where it cannot be read."""
    frames = mart_frames(warehouse, period)
    subject, cell = ["subject_kind", "subject_id"], _CELL
    rows: list[tuple[str, str, str, list[str], list[Expectation]]] = [
        ("dim_periods", "季度", "periods", ["period"], _periods()),
        ("grid", "检查网格", "grid", cell, _grid()),
        ("grid_subjects", "每个对象的检查项", "grid_subjects", subject, _grid_subjects()),
        ("fct_checks", "检查", "checks", cell, _checks()),
        ("fct_verdicts", "对象判定", "verdicts", subject, _verdicts()),
        ("fct_findings", "问题", "findings", cell[:3], _findings()),
        ("fct_quarterly_pass_rates", "合格率", "rates", _RATE, _rates()),
        ("breakdowns", "合格率分项合计", "breakdowns", _RATE[:2], _breakdowns()),
        ("totals", "总体合格率", "totals", ["subject_kind"], _totals(frames["totals"])),
    ]
    return [
        Suite(f"marts.{name}", title, frames[frame], ids, expectations)
        for name, title, frame, ids, expectations in rows
    ]


def _critical(expectation: Expectation, what: str, todo: str = _BUILD) -> Expectation:
    return said(expectation, "critical", what, todo)


def _true(column: str, what: str, todo: str = _BUILD, severity: Severity = "critical") -> Expectation:
    return said(gxe.ExpectColumnValuesToBeInSet(column=column, value_set=[True]), severity, what, todo)


def _equal(left: str, right: str, what: str) -> Expectation:
    return _critical(gxe.ExpectColumnPairValuesToBeEqual(column_A=left, column_B=right), what)


def _present(column: str, what: str) -> Expectation:
    return _critical(gxe.ExpectColumnValuesToNotBeNull(column=column), what)


def _not_empty(what: str) -> Expectation:
    return _critical(gxe.ExpectTableRowCountToBeBetween(min_value=1), what)


def _periods() -> list[Expectation]:
    return [
        _critical(
            gxe.ExpectTableRowCountToEqual(value=1),
            "dim_periods 中该季度不是恰好一行",
            "检查 plan.yml 的 period，然后重新运行 xunjian load 和 xunjian build",
        )
    ]


def _grid() -> list[Expectation]:
    return [
        _not_empty("该季度没有任何检查项"),
        _equal("expected", "filled", "检查结果比应有的网格多、少或重复"),
    ]


def _grid_subjects() -> list[Expectation]:
    return [
        _not_empty("该季度没有任何登记对象"),
        _critical(gxe.ExpectCompoundColumnsToBeUnique(column_list=_CELL[:2]), "登记对象重复"),
        _critical(gxe.ExpectColumnValuesToBeBetween(column="had", min_value=1), "登记对象没有任何检查项"),
        _equal("wanted", "had", "对象的检查项不等于监测时间点数 × 指标数"),
    ]


def _checks() -> list[Expectation]:
    return [
        _critical(
            gxe.ExpectColumnValuesToBeInSet(column="status", value_set=_STATUSES), "检查状态不在规定取值之内"
        ),
        _present("status", "检查没有状态"),
        _true("explained", "未能判定的检查没有写明原因"),
        _true("kind_given", "不适用的检查没有写明缘由，或适用的检查写了不适用的缘由"),
    ]


def _verdicts() -> list[Expectation]:
    return [
        _true("asked", "判定的对象不在应查对象之内"),
        _critical(
            gxe.ExpectColumnValuesToBeInSet(column="verdicts", value_set=[1]), "应查对象不是恰好一个判定"
        ),
        _critical(gxe.ExpectCompoundColumnsToBeUnique(column_list=_CELL[:2]), "同一对象有互相矛盾的判定"),
        _critical(
            gxe.ExpectColumnValuesToBeInSet(column="verdict", value_set=_VERDICTS), "判定不在规定取值之内"
        ),
        _present("verdict", "应查对象没有判定"),
        _true("finding_matches", "判定与问题清单不一致（不合格而无问题，或有问题而非不合格）"),
    ]


def _findings() -> list[Expectation]:
    return [
        _present("problem", "问题没有文字说明"),
        _true("backed", "问题既无证据也无审核人", "补上证据或审核人；没有依据的问题不得通报"),
        _critical(
            gxe.ExpectColumnValuesToMatchRegex(column="evidence_sha256", regex=SHA256),
            "问题的证据哈希不是 64 位十六进制",
        ),
    ]


def _rates() -> list[Expectation]:
    return [
        _critical(gxe.ExpectCompoundColumnsToBeUnique(column_list=_RATE), "合格率的分项重复"),
        _true("in_order", "登记数 ≥ 适用检查数 ≥ 应查数 ≥ 已判定数 不成立"),
        _equal("accounted", "sampled", "合格 + 不合格 + 未能判定 ≠ 应查数"),
        _equal("decided", "checked", "合格 + 不合格 ≠ 已判定数"),
        _critical(
            gxe.ExpectColumnValuesToBeBetween(column="pass_rate", min_value=0, max_value=1),
            "合格率不在 0 与 1 之间",
        ),
        _true("rate_where_checked", "有已判定对象而无合格率，或相反"),
        _critical(
            gxe.ExpectColumnValuesToBeBetween(column="rate_error", min_value=0, max_value=1e-6),
            "合格率不等于 合格数 ÷ 已判定数",
        ),
        _true("in_interval", "合格率不在自己的置信区间之内"),
        _present("pass_rate_text", "合格率没有印刷文字"),
        _critical(
            gxe.ExpectColumnValuesToBeInSet(column="status", value_set=["final", "provisional"]),
            "合格率状态不是 final 或 provisional",
        ),
        _present("status", "合格率没有状态"),
    ]


def _breakdowns() -> list[Expectation]:
    return [_equal("registered", "in_registry", "分项的登记数合计不等于台账登记数")]


def _totals(frame: pd.DataFrame) -> list[Expectation]:
    floor = "、".join(sorted({f"{value:.0%}" for value in frame["coverage_floor"].dropna()})) or "计划所定"
    return [
        _not_empty("没有总体合格率"),
        _equal("passed", "verdicts_pass", "合格数与对象判定不一致"),
        _equal("failed", "verdicts_fail", "不合格数与对象判定不一致"),
        _true("honest", "已判定比例低于下限，合格率却未标为暂定"),
        said(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="coverage", column_B="coverage_floor", or_equal=True
            ),
            "warning",
            f"已判定对象的比例低于计划的下限（{floor}），合格率为暂定",
            "补采未能判定的对象后重新评定，或在通报中保留“暂定”说明",
        ),
    ]
