"""Row for row, the marts say what the clauses say in plain Python: random timelines, plans, rule sets."""

import os
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from random import Random

import duckdb
from clauses_model import CODES, M2_DAYS, Answer, Cell, Plan, Subject, answers, verdict
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from landed import PERIOD, Timeline
from random_city import land, random_subjects

from extractors.periods import SHANGHAI
from settings import Settings
from warehouse import load
from warehouse.build import run_dbt
from warehouse.lock import warehouse_lock

# One example is one build of many subjects. More of both by hand: CLAUSE_EXAMPLES=50 CLAUSE_SUBJECTS=2000.
EXAMPLES = int(os.environ.get("CLAUSE_EXAMPLES", "2"))
SUBJECTS = int(os.environ.get("CLAUSE_SUBJECTS", "400"))

POINTS = [
    datetime(2021, 2, 15, 12, 0, tzinfo=SHANGHAI),
    datetime(2021, 3, 31, 10, 0, tzinfo=SHANGHAI),
    datetime(2021, 3, 31, 23, 59, 59, tzinfo=SHANGHAI),
]
ALL = ["W1", "W3", "W4", "SCORE", "M1", "M2", "M3"]
PLANS = st.builds(
    Plan,
    rule_set=st.sampled_from(sorted(M2_DAYS)),
    points=st.lists(st.sampled_from(POINTS), min_size=1, max_size=2, unique=True).map(
        lambda points: tuple(sorted(points))
    ),
    indicators=st.one_of(
        st.just(tuple(ALL)),
        st.lists(st.sampled_from([*ALL, "W4.1", "W4.3", "M2.1"]), min_size=3, unique=True).map(tuple),
    ),
    observations=st.sampled_from([1, 1, 2]),
    hours_apart=st.sampled_from([0, 24]),
)


def built(plan: Plan, subjects: list[Subject], data: Path) -> Settings:
    settings = Settings(data=data)
    timeline = Timeline(settings.landing, points=plan.points, indicators=plan.indicators)
    timeline.plan = {"confirm_observations": plan.observations, "confirm_hours_apart": plan.hours_apart}
    land(timeline, subjects)
    load(settings)
    with warehouse_lock(settings, "条款"):
        run_dbt(
            settings, [PERIOD], "build", "--select", "+fct_checks", "+fct_verdicts", "+dim_subjects",
            "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test",
            by_rule_set=plan.rule_set,
        )  # fmt: skip
    return settings


@example_settings(
    max_examples=EXAMPLES, deadline=None, derandomize="CLAUSE_EXAMPLES" not in os.environ, database=None,
    phases=[Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(plan=PLANS, seed=st.integers(0, 2**32))
def test_the_marts_agree_with_a_plain_reading_of_the_clauses(plan: Plan, seed: int) -> None:
    subjects = random_subjects(Random(seed), plan, SUBJECTS * 2 // 3, SUBJECTS // 3)
    expected = answers(plan, subjects)
    with tempfile.TemporaryDirectory() as folder:
        settings = built(plan, subjects, Path(folder))
        with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
            found: dict[Cell, Answer] = {
                (kind, subject, code, point): (status, why)
                for kind, subject, code, point, status, why in connection.execute(
                    "select subject_kind, subject_id, indicator_code, monitoring_point, status, "
                    "not_applicable_kind from marts.fct_checks"
                ).fetchall()
            }
            verdicts = dict(
                connection.execute("select subject_id, verdict from marts.fct_verdicts").fetchall()
            )
            asked = dict(
                connection.execute("select subject_id, is_sampled from marts.dim_subjects").fetchall()
            )
    wrong = {cell: (found.get(cell), said) for cell, said in expected.items() if found.get(cell) != said}
    assert not wrong, f"{len(wrong)} of {len(expected)} cells, such as {next(iter(wrong.items()))}; {plan}"
    assert found.keys() == expected.keys()

    of_subject: dict[str, list[Answer]] = {}
    for (_, subject, _, _), answer in expected.items():
        of_subject.setdefault(subject, []).append(answer)
    rolled_up = {subject: verdict(said) for subject, said in of_subject.items()}
    assert verdicts == {subject: said for subject, said in rolled_up.items() if said is not None}
    assert asked == {subject: said is not None for subject, said in rolled_up.items()}
    _worth_something(plan, found)


def _worth_something(plan: Plan, found: dict[Cell, Answer]) -> None:
    """Every automatic check came out in every way: a comparison of all-alike rows would prove little."""
    ways = Counter((code, status) for (_, _, code, _), (status, _) in found.items())
    for code in {code for _, _, code, _ in found} - {"W1", "M1", "M3.1"}:
        assert all(ways[code, status] for status in ("pass", "fail", "undetermined")), (ways, plan)
    assert {code for _, _, code, _ in found} <= {code for codes in CODES.values() for code in codes}
