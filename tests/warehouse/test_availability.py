"""W2 from landed probes through real DuckDB, real dbt and the publisher."""

import duckdb
import pytest
from landed import Timeline, sha
from landed_probes import Probing

from settings import Settings
from warehouse import build, load, publish


def evenly(down: int, of: int, other: str = "opened") -> list[str]:
    return ["down" if (n + 1) * down // of > n * down // of else other for n in range(of)]


@pytest.fixture(scope="module")
def availability(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(data=tmp_path_factory.mktemp("availability"))
    city = Timeline(settings.landing, indicators=("W2",))
    for code in ("五个点", "不到", "断网", "被拒", "半途", "挑战", "没有", "模拟"):
        city.website(code)
    city.land_registry()
    city.land()
    probing = Probing(settings.landing, "real")
    probing.week("五个点", evenly(7, of=140))
    probing.week("不到", evenly(6, of=140))
    # Two days of our own outage: as if nobody had looked.
    probing.week("断网", ["own_outage"] * 40 + evenly(4, of=100))
    probing.week("被拒", ["unproven"] * 140)
    probing.week("半途", ["opened"] * 40 + ["down"] * 8)
    probing.week("挑战", ["passes"] * 133 + ["slow"] * 7)
    probing.land()
    simulation = Probing(settings.landing, "simulated", simulated=True)
    simulation.week("模拟", evenly(8, of=140))
    simulation.week("不到", ["down"] * 140)  # said of a site that was really visited: not heard
    simulation.land()
    load(settings)
    build(settings, city.period)
    return settings


def ask(file: object, query: str) -> list[tuple]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_status_and_reason(availability: Settings) -> None:
    found = ask(
        availability.warehouse_file,
        "select c.subject_id, c.status, c.reason, c.measured from marts.fct_checks as c "
        "inner join marts.dim_subjects as s using (period, subject_kind, subject_id) order by s.position",
    )
    assert found == [
        ("五个点", "fail", "140 次有效访问中 7 次打不开", "140 次有效访问中 7 次打不开，占 5%"),
        (
            "不到",
            "pass",
            "140 次有效访问中 6 次打不开，不到 5%",
            "140 次有效访问中 6 次打不开，占 4.28%；再有 1 次打不开即达到 5%",
        ),
        (
            "断网",
            "undetermined",
            "有效访问 100 次，2 天不足每天 20 次，还缺 40 次；自身断网 40 次不计",
            "100 次有效访问中 4 次打不开，占 4%；再有 3 次打不开即达到 5%",
        ),
        (
            "被拒",
            "undetermined",
            "有效访问 0 次，7 天不足每天 20 次，还缺 140 次；被对方拒绝或未能复核 140 次不计",
            "0 次有效访问中 0 次打不开；再有 7 次打不开即达到 5%",
        ),
        (
            "半途",
            "fail",
            "48 次有效访问中 8 次打不开，即使还缺的 92 次都打开，也达到 5%",
            "48 次有效访问中 8 次打不开，占 16.66%",
        ),
        # Seven failures that no browser has confirmed might all be real: then it would be 5 %.
        (
            "挑战",
            "undetermined",
            "有效访问 133 次，1 天不足每天 20 次，还缺 7 次；被对方拒绝或未能复核 7 次不计",
            "133 次有效访问中 0 次打不开，占 0%；再有 7 次打不开即达到 5%",
        ),
        ("没有", "undetermined", "未做一周可用性监测", None),
        (
            "模拟",
            "fail",
            "140 次有效访问中 8 次打不开（模拟）",
            "140 次有效访问中 8 次打不开，占 5.71%（模拟）",
        ),
    ]


def test_a_failure_is_found_with_its_evidence(availability: Settings) -> None:
    [(problem, evidence)] = ask(
        availability.warehouse_file,
        "select problem, evidence_sha256 from marts.fct_findings where subject_id = '五个点'",
    )
    # The seventh of 7 in 140 falls into the last slot; the browser's bytes speak.
    assert (problem, evidence) == ("站点无法访问", sha("real/slot-139/五个点/browser"))


def test_the_published_table_and_its_days(availability: Settings) -> None:
    publish(availability, "2021Q1")
    rows = ask(
        availability.published_file,
        "select site_code, probes, valid, void, unproven, failed, share, outstanding, failures_left, "
        "simulated from marts.fct_site_availability order by site_code",
    )
    assert [row for row in rows if row[0] in ("五个点", "断网", "模拟")] == [
        ("五个点", 140, 140, 0, 0, 7, 0.05, 0, 0, False),
        ("断网", 140, 100, 40, 0, 4, 0.04, 40, 3, False),
        ("模拟", 140, 140, 0, 0, 8, 8 / 140, 0, 0, True),
    ]
    days = ask(
        availability.published_file,
        "select day_number, probes, valid, void, outstanding from marts.fct_site_availability_days "
        "where site_code = '断网' order by day_number",
    )
    assert days == [(n, 20, 0, 20, 20) if n <= 2 else (n, 20, 20, 0, 0) for n in range(1, 8)]
