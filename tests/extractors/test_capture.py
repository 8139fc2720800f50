"""Capturing as a whole: real Chromium, real proxy and TLS, real files."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pyarrow.parquet as pq
import pytest

from errors import UserError
from extractors import evidence
from extractors.alerts import alerts_file
from extractors.capture import UNFINISHED, _environment, capture_all, run_shard
from extractors.landing import landed_file
from extractors.outcomes import Outcome
from extractors.registry import Registry
from extractors.shards import Shard, freeze_shards
from extractors.spool import looks_done
from extractors.summary import summarise
from settings import PROJECT, Settings
from tests.extractors.small_web import TOKEN, SmallWeb, small_web

pytestmark = pytest.mark.browser
SINCE = datetime(2020, 8, 31, 16, tzinfo=UTC)
PREFIX = "MS4wLjABAAAAsyntheticSyntheticSyntheticSynthetic_c"
DOUYIN, SECOND = f"{PREFIX}01", f"{PREFIX}02"


@pytest.fixture
def web() -> Iterator[SmallWeb]:
    with small_web() as served:
        yield served


@pytest.fixture
def settings(tmp_path: Path, web: SmallWeb) -> Settings:
    sessions = tmp_path / "sessions"
    sessions.mkdir()
    for platform, domain, name in (
        ("wechat", "mp.weixin.qq.com", "slave_sid"),
        ("weibo", ".weibo.com", "SUB"),
    ):
        cookie = {"name": name, "value": "ours", "domain": domain, "path": "/", "expires": -1,
                  "httpOnly": True, "secure": True, "sameSite": "Lax"}  # fmt: skip
        path = sessions / f"{platform}.json"
        path.write_text(json.dumps({"cookies": [cookie], "origins": []}))
        path.chmod(0o600)
    return Settings(
        data=tmp_path / "data",
        sessions=sessions,
        proxy=web.proxy,
        tls_verify=False,
        pace_seconds=0,
        page_seconds=10,
    )


@pytest.fixture
def registry(registry: Registry) -> Registry:
    for account in registry.accounts:
        account["status"] = "active"
    return registry


def rows(settings: Settings, table: str, run_id: str, shard: str) -> list[dict[str, Any]]:
    path = landed_file(settings.landing, table, "2021Q1", run_id, shard)
    found: list[dict[str, Any]] = pq.ParquetFile(path).read().to_pylist()
    return found


def only_douyin(registry: Registry, count: int) -> Registry:
    row = next(row for row in registry.accounts if row["platform"] == "douyin")
    # Shards are frozen from this registry; a child process takes its subjects from there.
    registry.accounts[:] = [row | {"platform_uid": f"{PREFIX}{number:02}"} for number in range(1, count + 1)]
    registry.websites.clear()
    return registry


@pytest.mark.parametrize("platform", ["douyin", "kuaishou", "wechat", "weibo"])
def test_a_healthy_account_is_read_back_past_since(
    registry: Registry, settings: Settings, web: SmallWeb, platform: str
) -> None:
    assert run_shard(registry, settings, "r1", platform) == 0
    capture = rows(settings, "captures", "r1", platform)[0]
    assert (capture["outcome"], capture["detail"], capture["attempt"]) == ("ok_complete", "", 1)
    assert capture["subject_id"] == f"{platform}:{capture['identity_seen']}"
    assert capture["oldest_seen"] < SINCE and capture["server_date"] == datetime(2021, 4, 1, 1, tzinfo=UTC)
    assert capture["newest_seen"] == datetime(2021, 3, 30, 2, tzinfo=UTC) and not capture["reached_end"]
    posts = [p for p in rows(settings, "posts", "r1", platform) if p["subject_id"] == capture["subject_id"]]
    bodies = {post["evidence_sha256"] for post in posts}
    assert len(bodies) > 2, "several pieces of the list"
    kept = {row["sha256"]: row for row in rows(settings, "evidence", "r1", platform)}
    assert bodies <= set(kept) and capture["evidence_sha256"] == posts[0]["evidence_sha256"]
    for sha256 in kept:
        assert len(evidence.read(settings.evidence, sha256)) == kept[sha256]["bytes"]
    assert {row["role"] for row in kept.values()} <= {"profile", "list", "journal"}, (
        "nothing else is kept of a good look"
    )


def test_no_secret_is_left_on_disk(registry: Registry, settings: Settings) -> None:
    for platform in ("wechat", "douyin", "kuaishou"):
        run_shard(registry, settings, "r1", platform)
    for path in settings.root.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            body = gzip.decompress(raw) if path.suffix == ".gz" else raw
            assert TOKEN.encode() not in body, path
    for platform in ("wechat", "douyin", "kuaishou"):
        urls = [row["url"] for row in rows(settings, "evidence", "r1", platform)]
        assert urls and not any(TOKEN in url or "secret" in url for url in urls)


@pytest.mark.parametrize(
    ("uid", "trouble", "outcome", "attempts"),
    [
        (DOUYIN, "captcha", Outcome.CAPTCHA, 1),
        (DOUYIN, "empty", Outcome.SIGNATURE_REJECTED, 2),
        (DOUYIN, "stops", Outcome.OK_PARTIAL, 1),
        ("3xsynthetic00001", "result2", Outcome.RATE_LIMITED, 2),
        ("MzA2MTAwMDAwNw==", "freq", Outcome.RATE_LIMITED, 2),
        ("6100000007", "visitor", Outcome.LOGIN_REQUIRED, 1),
    ],
)
def test_troubles_have_their_names_and_only_transient_ones_are_tried_again(
    registry: Registry,
    settings: Settings,
    web: SmallWeb,
    uid: str,
    trouble: str,
    outcome: Outcome,
    attempts: int,
) -> None:
    web.troubles[uid] = trouble
    platform = next(row["platform"] for row in registry.accounts if row["platform_uid"] == uid)
    assert run_shard(registry, settings, "r1", platform) == 0
    captures = [
        capture
        for capture in rows(settings, "captures", "r1", platform)
        if capture["subject_id"] == f"{platform}:{uid}" and capture["attempt"] in (1, 2)
    ]
    assert [(c["outcome"], c["attempt"]) for c in captures] == [(outcome, i + 1) for i in range(attempts)]
    assert all(capture["detail"] for capture in captures)
    kept = {
        e["role"]
        for e in rows(settings, "evidence", "r1", platform)
        if e["subject_id"] == f"{platform}:{uid}"
    }
    assert ("screenshot" in kept) == (platform != "wechat"), "no picture of the operator's own backend"
    posts = [p for p in rows(settings, "posts", "r1", platform) if p["subject_id"] == f"{platform}:{uid}"]
    assert bool(posts) == (outcome is Outcome.OK_PARTIAL)


def test_without_a_login_wechat_stops_at_the_circuit_and_weibo_is_partial(
    registry: Registry, settings: Settings, tmp_path: Path
) -> None:
    row = next(row for row in registry.accounts if row["platform"] == "wechat")
    registry.accounts.extend([row | {"platform_uid": f"3061000{i}"} for i in range(3)])
    visitor = settings.model_copy(update={"sessions": tmp_path / "none", "circuit_after": 2})
    assert run_shard(registry, visitor, "r1", "wechat") == run_shard(registry, visitor, "r1", "weibo") == 0
    captures = rows(visitor, "captures", "r1", "wechat")
    assert [capture["outcome"] for capture in captures] == ["login_required"] * 4
    assert [c["detail"].startswith("circuit open") for c in captures] == [False, False, True, True]
    assert [c["outcome"] for c in rows(visitor, "captures", "r1", "weibo")] == ["ok_partial"]
    summary = summarise(visitor, "2021Q1", "r1")
    assert summary.ailing == ["wechat"] and not summary.healthy and "需要登录 4" in str(summary)


@pytest.mark.parametrize("circuit_after", [0, 3])
def test_the_circuit(registry: Registry, settings: Settings, web: SmallWeb, circuit_after: int) -> None:
    only_douyin(registry, 6)
    web.troubles |= {f"{PREFIX}{number:02}": "captcha" for number in (1, 3, 4, 5)}
    settings = settings.model_copy(update={"circuit_after": circuit_after})
    assert run_shard(registry, settings, "r1", "douyin") == 0
    outcomes = [capture["outcome"] for capture in rows(settings, "captures", "r1", "douyin")]
    last = "captcha" if circuit_after else "ok_complete"
    assert outcomes == ["captcha", "ok_complete", "captcha", "captcha", "captcha", last]
    assert web.asked["page", f"{PREFIX}06"] == (0 if circuit_after else 1)


def test_a_killed_shard_goes_on_where_it_was_and_a_finished_one_does_nothing(
    registry: Registry, settings: Settings, web: SmallWeb
) -> None:
    only_douyin(registry, 6)
    shard = freeze_shards(registry, settings, "r1")[0]
    web.slow = 0.15
    command = [sys.executable, "-m", "xunjian", "capture", "--period", "2021Q1", "--run-id", "r1"]
    command += ["--shard", "douyin", "--registry", str(registry.directory)]
    process = subprocess.Popen(command, cwd=PROJECT, env=_environment(settings), stdout=subprocess.DEVNULL)
    _until(lambda: looks_done(settings, "r1", shard) >= 2)
    family = psutil.Process(process.pid).children(recursive=True)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == [], "Chromium does not outlive its shard"
    done = looks_done(settings, "r1", shard)
    assert 2 <= done < 6 and not landed_file(settings.landing, "captures", "2021Q1", "r1", "douyin").exists()
    web.slow = 0
    before = sum(count for (path, _), count in web.asked.items() if path == "page")
    assert run_shard(registry, settings, "r1", "douyin") == 0
    opened = sum(count for (path, _), count in web.asked.items() if path == "page") - before
    assert opened == 6 - done
    captures = rows(settings, "captures", "r1", "douyin")
    assert [capture["outcome"] for capture in captures] == ["ok_complete"] * 6
    assert (
        len({capture["capture_id"] for capture in captures}) == 6 and looks_done(settings, "r1", shard) == 0
    )
    asked = web.asked.total()
    assert run_shard(registry, settings, "r1", "douyin") == 0
    assert web.asked.total() == asked


def test_time_runs_out_and_what_is_done_is_kept(
    registry: Registry, settings: Settings, web: SmallWeb
) -> None:
    only_douyin(registry, 3)
    web.troubles[SECOND] = "hangs"
    short = settings.model_copy(update={"shard_seconds": 15.0, "page_seconds": 60.0})
    assert run_shard(registry, short, "r1", "douyin") == UNFINISHED
    shard: Shard = freeze_shards(registry, settings, "r1")[0]
    assert looks_done(settings, "r1", shard) == 1


def test_over_the_daily_cap_the_rest_is_left_for_another_day(
    registry: Registry, settings: Settings, web: SmallWeb
) -> None:
    only_douyin(registry, 3)
    capped = settings.model_copy(update={"daily_cap": 2})
    first = capture_all(registry, capped, only="platform")
    assert not first.complete and "已看 2 次，达到每日上限" in first.unfinished["douyin"]
    assert first.summary.counts == {}, "what has not been tried leaves no row, and half a shard does not land"
    (alert,) = json.loads(alerts_file(settings, first.summary.run_id).read_bytes())["alerts"]
    assert (alert["kind"], alert["platform"]) == ("unfinished", "douyin")
    assert {uid for path, uid in web.asked if path == "page"} == {DOUYIN, SECOND}
    later = capture_all(registry, settings, only="platform")
    assert later.summary.run_id == first.summary.run_id and later.complete
    assert later.summary.counts == {"douyin": {Outcome.OK_COMPLETE: 3}}
    assert json.loads(alerts_file(settings, first.summary.run_id).read_bytes())["alerts"] == []


def test_a_whole_run_and_its_continuation(registry: Registry, settings: Settings, web: SmallWeb) -> None:
    registry.websites.clear()
    registry.columns.clear()
    first = capture_all(registry, settings, only="platform")
    assert first.complete and first.summary.healthy, str(first)
    assert first.summary.counts["douyin"] == {Outcome.OK_COMPLETE: 2}
    landed = landed_file(settings.landing, "captures", "2021Q1", first.summary.run_id, "kuaishou")
    landed.unlink()  # as if that shard had never ended
    web.asked.clear()
    again = capture_all(registry, settings, only="platform")
    assert again.summary.run_id == first.summary.run_id and again.complete
    assert {uid for path, uid in web.asked if path == "page"} == {"3xsynthetic00001"}
    third = capture_all(registry, settings, subject_id=f"douyin:{DOUYIN}")
    assert third.summary.run_id != first.summary.run_id
    assert third.summary.counts == {"douyin": {Outcome.OK_COMPLETE: 1}}


def test_websites_each_leave_a_row_and_a_full_disk_is_said(registry: Registry, settings: Settings) -> None:
    assert run_shard(registry, settings, "r1", "websites-001") == 0
    captures = rows(settings, "captures", "r1", "websites-001")
    assert {c["subject_id"] for c in captures} == {f"449999000{i}" for i in range(1, 6)}
    assert all(c["subject_kind"] == "website" and c["outcome"] != "ok_complete" for c in captures), (
        "blank pages"
    )
    blocked = settings.model_copy(update={"data": settings.data / "other"})
    blocked.root.mkdir(parents=True)
    blocked.evidence.write_text("a file where the store should be")
    with pytest.raises(UserError, match="无法写入"):
        run_shard(registry, blocked, "r1", "websites-001")


def test_what_a_person_must_mend_is_said_by_the_whole_run(registry: Registry, settings: Settings) -> None:
    (settings.sessions / "weibo.json").chmod(0o644)
    with pytest.raises(UserError, match="chmod 600"):
        capture_all(registry, settings, subject_id="weibo:6100000007")


def _until(true: Any, seconds: float = 40.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
