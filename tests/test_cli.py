"""The front door: a person's mistake is one line on stderr and exit status 2, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from settings import PROJECT


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "xunjian", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        check=False,
    )


def test_every_command_has_help() -> None:
    listed = run("--help").stdout
    for command in ("capture", "load", "build", "validate", "publish", "assess", "report", "registry"):
        assert command in listed
        done = run(command, "--help")
        assert done.returncode == 0, done.stderr


def test_the_period_is_the_plans_and_not_the_clocks(tmp_path: Path) -> None:
    registry = str(PROJECT / "replica" / "scenarios" / "zhanjiang_2021q1" / "registry")
    assert run("period", XUNJIAN_REGISTRY=registry).stdout.strip() == "2021Q1"
    done = run("period", XUNJIAN_REGISTRY=str(tmp_path))
    assert (done.returncode, "plan.yml" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (("assess", "--period", "2021Q9"), {}, "2021Q1"),
        (("registry", "check", "--registry", "/nowhere"), {}, "没有这个台账目录"),
        (("capture", "--period", "2021Q1"), {"XUNJIAN_REGISTRY": "/nowhere"}, "没有这个台账目录"),
        (("registry", "check"), {"XUNJIAN_TLS_VERIFY": "false"}, "XUNJIAN_TLS_VERIFY"),
        (("registry", "check"), {"XUNJIAN_CONCURRENCY": "many"}, "XUNJIAN_CONCURRENCY"),
        (("replica", "serve", "--state", "nonsense"), {}, "对象=状态"),
        (("shards", "--period", "2021Q1", "--run-id", "../x"), {}, "运行号"),
    ],
)
def test_a_mistake_is_said_in_words(
    arguments: tuple[str, ...], environment: dict[str, str], said: str, tmp_path: Path
) -> None:
    done = run(*arguments, XUNJIAN_DATA=str(tmp_path / "data"), **environment)
    assert done.returncode == 2, done.stdout + done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists(), "nothing is written for a mistaken call"


def test_nothing_is_published_that_no_border_has_passed(tmp_path: Path) -> None:
    done = run("publish", "--period", "2021Q1", XUNJIAN_DATA=str(tmp_path))
    assert done.returncode == 2
    assert "xunjian validate" in done.stderr
