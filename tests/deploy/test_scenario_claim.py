"""The demonstration touches only data directories of its own."""

import os
import sys
from pathlib import Path

import pytest

from deploy.airflow_env import airflow_home
from deploy.scenario import claim, period_of_plan, registry_of
from deploy.start import refuse_if_dead, stack_of
from errors import UserError
from extractors.landing import landed_file
from settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


def _land(settings: Settings) -> Path:
    file = landed_file(settings.landing, "captures", "2021Q1", "a-run", "douyin")
    file.parent.mkdir(parents=True)
    file.touch()
    return file


def test_real_work_is_never_touched(settings: Settings) -> None:
    landed = _land(settings)
    with pytest.raises(UserError, match="XUNJIAN_DATA"):
        claim(settings, "zhanjiang_2021q1")
    assert landed.exists()
    assert not (settings.root / ".scenario").exists()


def test_a_killed_demonstration_goes_on_under_its_run(settings: Settings) -> None:
    first, resumed = claim(settings, "zhanjiang_2021q1")
    assert not resumed
    landed = _land(settings)
    home = airflow_home(settings)
    home.mkdir(parents=True)
    (home / "airflow.db").touch()
    (home / "fernet.key").touch()
    again, resumed = claim(settings, "zhanjiang_2021q1")
    assert resumed
    assert again == first
    assert landed.exists()
    # Half-done tasks and queued events of a killed scheduler are not taken over; the secrets stay.
    assert not (home / "airflow.db").exists()
    assert (home / "fernet.key").exists()


@pytest.mark.parametrize(("scenario", "over"), [("zhanjiang_2021q1", True), ("another", False)])
def test_one_that_is_over_or_different_is_cleared(settings: Settings, scenario: str, over: bool) -> None:
    first, _ = claim(settings, scenario)
    landed = _land(settings)
    own = settings.root / "notes.txt"
    own.touch()
    if over:
        type(first)(first.scenario, first.run_id, over=True).save(settings)
    _, resumed = claim(settings, "zhanjiang_2021q1")
    assert not resumed
    assert not landed.exists()
    assert own.exists()


def test_a_scenario_is_found_by_name_or_directory(tmp_path: Path) -> None:
    bundled = registry_of("zhanjiang_2021q1")
    assert period_of_plan(bundled) == "2021Q1"
    assert registry_of(str(bundled.parent)) == bundled
    with pytest.raises(UserError, match="没有名为"):
        registry_of(str(tmp_path))


def test_a_part_that_died_is_noticed(settings: Settings) -> None:
    stack = stack_of(settings)
    stack.start("replica", [sys.executable, "-c", "import time; time.sleep(600)"], os.environ)
    refuse_if_dead(settings, ["replica"])
    for process in stack.processes():
        process.kill()
        process.wait()
    with pytest.raises(UserError, match="replica 没有在运行"):
        refuse_if_dead(settings, ["replica"])
    with pytest.raises(UserError, match="scheduler 没有在运行"):
        refuse_if_dead(settings, ["scheduler"])
