"""The landing border's suite for the availability probe (W2)."""

import pandas as pd
from great_expectations import expectations as gxe

from expectations.suite import Expectation, Suite, said
from extractors.probes.verdict import ProbeOutcome

_OUTCOMES = [str(outcome) for outcome in ProbeOutcome]
_MOVE_AWAY = "把这一轮的落地文件移出 data/landing/probes；缺的访问由以后各轮补上"


def probe_suite(frame: pd.DataFrame) -> Suite:
    """A row here is one visit to a site or to a control site."""
    return Suite(
        "landing.probes",
        "可用性探测",
        frame,
        ["site_code", "url", "slot"],
        [
            _critical(gxe.ExpectColumnValuesToNotBeNull(column="probe_id"), "探测没有编号"),
            _critical(gxe.ExpectColumnValuesToNotBeNull(column="probed_at"), "探测没有时间"),
            _critical(gxe.ExpectColumnValuesToBeUnique(column="probe_id"), "探测编号重复"),
            _critical(
                gxe.ExpectColumnValuesToBeInSet(column="outcome", value_set=_OUTCOMES),
                "探测结果不在规定的取值之内",
            ),
            _true("named", "网站的探测没有标识码，或对照网站的探测有标识码"),
            _true("agrees", "探测是否打开与其结果不符"),
            _true("proven", "打不开的探测没有证据"),
            _true("full_time", "真实的探测没有等满 15 秒的时限"),
        ],
    )


def _critical(expectation: Expectation, what: str) -> Expectation:
    return said(expectation, "critical", what, _MOVE_AWAY)


def _true(column: str, what: str) -> Expectation:
    return _critical(gxe.ExpectColumnValuesToBeInSet(column=column, value_set=[True]), what)
