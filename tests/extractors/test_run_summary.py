"""What is told of a run: one message, whatever went wrong, from the landed rows."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from extractors.alerts import alerts_file, alerts_of, tell
from extractors.landing import land_shard
from extractors.outcomes import Outcome
from extractors.registry import Registry
from extractors.shards import freeze_shards
from extractors.summary import reads_as_updated, summarise
from settings import Settings

NOW = datetime(2021, 4, 1, 1, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


def look(subject: str, outcome: str = "ok_complete", kind: str = "account", **more: Any) -> dict[str, Any]:
    platform, _, uid = subject.partition(":")
    return {
        "capture_id": f"{subject}-{more.get('attempt', 1)}", "run_id": "r1", "period": "2021Q1",
        "subject_kind": kind, "subject_id": subject, "platform": platform, "outcome": outcome, "attempt": 1,
        "captured_at": datetime.now(UTC), "server_date": NOW, "identity_seen": uid,
        "newest_seen": NOW - timedelta(hours=1),
    } | more  # fmt: skip


def land(settings: Settings, platform: str, *looks: dict[str, Any]) -> None:
    land_shard(settings.landing, "2021Q1", "r1", platform, {"captures": list(looks)})


@pytest.mark.parametrize(
    ("change", "updated"),
    [
        ({}, True),
        ({"newest_seen": NOW - timedelta(hours=48)}, True),
        ({"newest_seen": NOW - timedelta(hours=48, seconds=1)}, False),
        ({"newest_seen": None}, False),
        ({"identity_seen": "8"}, False),
        ({"identity_seen": None}, False),
        ({"outcome": "ok_partial"}, True),
        ({"outcome": "captcha"}, False),
        ({"server_date": None}, False),  # then the machine's own clock, years later here
    ],
)
def test_when_a_canary_reads_as_updated(change: dict[str, Any], updated: bool) -> None:
    assert reads_as_updated(look("weibo:9", kind="canary") | change, 48) is updated


def test_one_silent_canary_puts_its_platform_in_quarantine(settings: Settings) -> None:
    stale = NOW - timedelta(days=20)
    land(
        settings, "weibo", look("weibo:8", kind="canary"),
        look("weibo:9", kind="canary", newest_seen=stale), look("weibo:1"), look("weibo:2"),
    )  # fmt: skip
    land(
        settings, "douyin", look("douyin:9", kind="canary", outcome="unreachable", newest_seen=None),
        look("douyin:9", kind="canary", attempt=2), look("douyin:1"),
    )  # fmt: skip
    summary = summarise(settings, "2021Q1", "r1")
    assert summary.counts["weibo"] == {Outcome.OK_COMPLETE: 2}, "canaries are not counted among the inspected"
    assert summary.quarantined == {"weibo": ["weibo:9"]}
    assert not summary.healthy and not summary.ailing
    assert "微博 2：完整读到 2；对照账号 1/2 读作已更新，存疑" in str(summary)
    assert "抖音 1：完整读到 1；对照账号 1/1 读作已更新，可信" in str(summary)
    (alert,) = alerts_of(summary)
    assert (alert.kind, alert.platform, alert.subjects) == ("quarantined", "weibo", 2)
    assert "weibo:9" in alert.message and "canaries 表" in alert.advice


def test_a_platform_without_canaries_says_so(settings: Settings) -> None:
    land(settings, "weibo", look("weibo:1"))
    summary = summarise(settings, "2021Q1", "r1")
    assert summary.healthy and "没有对照账号" in str(summary)
    assert alerts_of(summary) == []


def test_a_login_that_expires_half_way_is_one_message(settings: Settings) -> None:
    expired = [look(f"weibo:{n}", "login_required") for n in range(40, 300)]
    land(settings, "weibo", *[look(f"weibo:{n}") for n in range(1, 40)], *expired)
    summary = summarise(settings, "2021Q1", "r1")
    alerts = alerts_of(summary)
    assert [(alert.kind, alert.subjects) for alert in alerts] == [("refused", 260)]
    assert "xunjian login weibo" in alerts[0].advice
    tell(settings, "r1", alerts)
    message = json.loads(alerts_file(settings, "r1").read_bytes())
    assert message["run_id"] == "r1" and len(message["alerts"]) == 1
    assert set(message["alerts"][0]) == {"kind", "platform", "subjects", "message", "advice"}
    tell(settings, "r1", [])
    assert json.loads(alerts_file(settings, "r1").read_bytes())["alerts"] == []


def test_what_has_not_landed_is_said(settings: Settings, registry: Registry) -> None:
    freeze_shards(registry, settings, "r1", only="platform")
    land(settings, "douyin", look("douyin:1"), look("douyin:2", "unreachable"), look("douyin:3", "not_found"))
    summary = summarise(settings, "2021Q1", "r1")
    assert summary.missing == ("kuaishou", "wechat", "weibo")
    alerts = {alert.platform: alert for alert in alerts_of(summary, {"wechat": "今天已看 500 次"})}
    assert set(alerts) == {"douyin", "kuaishou", "wechat", "weibo"}
    assert alerts["douyin"].kind == "unreadable"
    (nothing,) = alerts_of(summarise(settings, "2021Q1", "no_such_run"))
    assert "没有落地任何数据" in nothing.message
    assert "今天已看 500 次" in alerts["wechat"].message and "--run-id r1" in alerts["wechat"].advice


def test_that_a_closed_account_is_gone_is_no_illness(settings: Settings) -> None:
    gone = [look(f"weibo:{n}", "account_gone", kind="closed") for n in (7, 8)]
    land(settings, "weibo", look("weibo:1"), *gone, look("weibo:9", kind="closed"))
    summary = summarise(settings, "2021Q1", "r1")
    assert alerts_of(summary) == [] and summary.healthy
    assert "  已关停账号 3：账号已注销、封禁或迁移 2，完整读到 1" in str(summary).splitlines()
