"""The summary in the terminal."""

import io
from pathlib import Path

import pytest
from marts_tables import PERIOD, Marts
from published_case import model_quarter, publish
from rich.console import Console

from reports.summary import print_summary, read_summary
from settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


def printed(settings: Settings) -> str:
    stream = io.StringIO()
    print_summary(Console(file=stream, width=140), settings, PERIOD)
    return stream.getvalue()


def test_the_two_rates_and_where_everything_lies(settings: Settings) -> None:
    publish(settings, Marts(model_quarter()))
    text = printed(settings)
    for words in (
        "政府网站 40/47 = 85%\n",
        "政务新媒体 210/216 = 97.2%\n",
        "坡头区政府网",
        "平安徐闻",
        "55 分",
        "compliance.duckdb",
        "manifest.json",
        "circular.docx（尚未生成）",
    ):
        assert words in text, words
    assert "未能判定的对象" not in text


@pytest.mark.parametrize("terminal", [False, True])
def test_names_are_never_cut(settings: Settings, terminal: bool) -> None:
    publish(settings, Marts(model_quarter()))
    stream = io.StringIO()
    console = Console(file=stream, width=60, soft_wrap=True, highlight=False, force_terminal=terminal)
    print_summary(console, settings, PERIOD)
    assert "…" not in stream.getvalue()
    if not terminal:
        assert "│ 湛江市人民政府地方志办公室 │ 湛江市人民政府地方志办公室 │" in stream.getvalue()
    assert f"{settings.published_file}\n" in stream.getvalue()


def test_provisional_rates_say_so(settings: Settings) -> None:
    subjects = model_quarter()
    subjects[10].open = {"M2.1": "出现[bold]验证码"}
    subjects[-1].open = {"W3": "无法访问"}
    publish(settings, Marts(subjects), ("有 1 个对象未读到。",))
    text = printed(settings)
    assert "政务新媒体 209/215 = 97.2%（暂定：另有1个账号未能判定）" in text
    assert "政府网站 39/46 = 85%（暂定：另有1个网站未能判定）" in text
    assert "M2.1 出现[bold]验证码" in text
    assert "数据检验提醒：有 1 个对象未读到。" in text


def test_rows_are_in_the_registry_s_order(settings: Settings) -> None:
    publish(settings, Marts(list(reversed(model_quarter()))))
    summary = read_summary(settings, PERIOD)
    assert [row.name for row in summary.annex2][::5] == ["平安徐闻", "湛江市e警通"]
    assert [rate.name for rate in summary.breakdown("website", "site_class")] == [
        "门户网站",
        "独立站点",
        "子频道",
    ]
    assert summary.provenance.sha256 and summary.total("account") is not None
