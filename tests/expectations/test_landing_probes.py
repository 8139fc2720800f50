"""The landing border's suite for probes: healthy ones pass, each expectation is made to fail once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from landed_batch import LOOKED, PERIOD, Batch, sha256

from expectations.landing import landing_suites
from expectations.run import validate
from extractors.landing import landed_file, write_table
from settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    Batch().land(tmp_path / "data" / "landing")
    return Settings(data=tmp_path / "data")


def rows() -> list[dict[str, Any]]:
    """A control, a site that opened, one that a browser confirmed as down, one that refused, one void."""

    def row(number: int, channel: str, outcome: str, opened: bool | None, **more: Any) -> dict[str, Any]:
        return {
            "probe_id": f"q{number}", "run_id": "p1", "period": PERIOD, "extractor_version": "1",
            "slot": "round", "site_code": f"44080000{number:02}", "target_kind": "site",
            "url": f"http://s{number}.gov.cn/", "probed_at": LOOKED + timedelta(seconds=number),
            "channel": channel, "outcome": outcome, "opened": opened, "elapsed_ms": 80, "limit_ms": 15000,
            "simulated": False, "evidence_sha256": sha256("probe") if opened is False else None,
        } | more  # fmt: skip

    return [
        row(0, "http", "opened", True, target_kind="control", site_code=None),
        row(1, "http", "opened", True),
        row(2, "http", "slow", False),
        row(3, "browser", "error_page", False),
        row(4, "http", "unproven", None),
        row(5, "http", "own_outage", None),
        row(6, "http", "opened", True, simulated=True, limit_ms=3000),
        row(7, "http", "unproven", True, target_kind="control", site_code=None),
    ]


def land(settings: Settings, probes: list[dict[str, Any]]) -> None:
    write_table(landed_file(settings.landing, "probes", PERIOD, "p1", "round"), "probes", probes)


def test_healthy_probes_pass(settings: Settings) -> None:
    land(settings, rows())
    result = validate(settings, PERIOD, "landing")
    assert (result.success, result.criticals, result.warnings) == (True, [], [])


BROKEN: dict[str, tuple[int, dict[str, Any]]] = {
    "探测没有编号（1 处：4408000001/": (1, {"probe_id": None}),
    "探测没有时间（1 处：4408000001/": (1, {"probed_at": None}),
    "探测编号重复（2 处：4408000001/": (2, {"probe_id": "q1"}),
    "探测结果不在规定的取值之内（1 处：4408000001/": (1, {"outcome": "fine"}),
    "网站的探测没有标识码，或对照网站的探测有标识码（1 处：空/": (1, {"site_code": None}),
    "探测是否打开与其结果不符（1 处：4408000004/": (4, {"opened": True}),
    "打不开的探测没有证据（1 处：4408000003/": (3, {"evidence_sha256": None}),
    "真实的探测没有等满 15 秒的时限（1 处：4408000002/": (2, {"limit_ms": 3000}),
}


@pytest.mark.parametrize("words", BROKEN)
def test_a_broken_probe_is_caught(settings: Settings, words: str) -> None:
    number, change = BROKEN[words]
    probes = rows()
    probes[number] |= change
    land(settings, probes)
    result = validate(settings, PERIOD, "landing")
    assert not result.success
    assert any(f"可用性探测：{words}" in line for line in result.criticals), result.criticals


def test_no_expectation_is_left_untried(settings: Settings) -> None:
    land(settings, rows())
    [suite] = [suite for suite in landing_suites(settings.landing, PERIOD) if suite.name == "landing.probes"]
    said = {expectation.meta["what"] for expectation in suite.expectations if expectation.meta}
    assert said == {words.partition("（")[0] for words in BROKEN}
