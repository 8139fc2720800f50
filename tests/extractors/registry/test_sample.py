"""抽查: the sample is the seed's, the same anywhere, and every stratum is in it."""

from pathlib import Path

import pytest

from errors import UserError
from extractors.plan import read_plan
from extractors.registry import read_registry
from extractors.registry.sample import draw

PLAN = """
period: 2021Q1
sampling: {from: 2021-01-01, to: 2021-03-31}
monitoring_points: [2021-03-31T23:59:59+08:00]
indicators: [M2]
since: 2020-09-01
sample: {seed: 2021Q1-抽查, accounts: 0.3}
"""
ACCOUNTS = [("weibo", f"w{number}") for number in range(100)] + [
    ("wechat", f"x{number}") for number in range(7)
]


def test_no_stratum_has_less_than_its_share():
    drawn = draw("种子", 0.3, ACCOUNTS)
    assert sum(subject.startswith("w") for subject in drawn) == 30
    assert sum(subject.startswith("x") for subject in drawn) == 3  # 2.1, rounded up


def test_the_seed_alone_decides():
    drawn = draw("种子", 0.3, ACCOUNTS)
    assert drawn == draw("种子", 0.3, reversed(ACCOUNTS))
    assert drawn != draw("另一个", 0.3, ACCOUNTS)
    # A fixed value: another machine and another release must draw the same.
    assert sorted(draw("种子", 0.05, ACCOUNTS)) == ["w43", "w48", "w59", "w84", "w95", "x1"]


def test_one_more_in_the_registry_moves_few():
    before, after = draw("种子", 0.3, ACCOUNTS), draw("种子", 0.3, [*ACCOUNTS, ("weibo", "new")])
    assert len(before ^ after) <= 2


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    header = "platform,platform_uid,account_name,organiser,status,opened_on"
    rows = [f"weibo,{2000000000 + n},合成账号{n},合成局,active," for n in range(10)]
    rows += ["weibo,2000000090,合成未开,合成局,active,2021-05-01", "weibo,2000000091,合成关,合成局,closed,"]
    (tmp_path / "accounts.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    (tmp_path / "plan.yml").write_text(PLAN, encoding="utf-8")
    return tmp_path


def test_only_the_sampled_are_looked_at(registry: Path):
    checked = read_registry(registry)
    looked_at = {subject.id for subject in checked.subjects()}
    # Neither the closed nor the one that opens after the last monitoring point takes anybody's place.
    assert len(looked_at) == 3
    assert looked_at == checked.sampled() < {f"weibo:{2000000000 + n}" for n in range(10)}
    # Whoever is asked for by name is looked at all the same.
    assert checked.subjects(subject_id="weibo:2000000090")


@pytest.mark.parametrize("sample", ["{accounts: 0.3}", "{seed: a, accounts: 0}", "{seed: a, websites: 1.2}"])
def test_a_sample_without_seed_or_share_is_refused(registry: Path, sample: str):
    plan = registry / "plan.yml"
    plan.write_text(PLAN.replace("{seed: 2021Q1-抽查, accounts: 0.3}", sample), encoding="utf-8")
    with pytest.raises(UserError, match=r"plan\.yml，sample"):
        read_plan(plan)
