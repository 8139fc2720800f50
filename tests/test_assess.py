"""A whole assessment by its command line, over rows landed by hand: what is unfit never gets out."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from extractors.landing import SCHEMAS, land_shard

POINT = datetime(2021, 3, 31, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Shanghai
LOOKED = datetime(2021, 4, 1, 1, tzinfo=UTC)
PLAN = """
period: 2021Q1
sampling: {from: 2021-01-01, to: 2021-03-31}
monitoring_points: [2021-03-31T23:59:59+08:00]
indicators: [M1, M2, M3]
since: 2020-09-01
"""
UIDS = ("2000000001", "2000000002")


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    folder = tmp_path / "registry"
    folder.mkdir()
    rows = [f"weibo,{uid},合成账号{uid[-1]},合成局,active" for uid in UIDS]
    header = "platform,platform_uid,account_name,organiser,status"
    (folder / "accounts.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    (folder / "plan.yml").write_text(PLAN, encoding="utf-8")
    return folder


def xunjian(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "xunjian", *arguments],
        capture_output=True,
        text=True,
        env=os.environ
        | {"XUNJIAN_DATA": str(tmp_path / "data"), "XUNJIAN_REGISTRY": str(tmp_path / "registry")},
        check=False,
    )


def land(tmp_path: Path, run_id: str, newest: dict[str, datetime], outcome: str = "ok_complete") -> None:
    """One complete look at each account, with its newest post and one from last year."""
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
    for uid, latest in newest.items():
        subject = f"weibo:{uid}"
        sha256 = hashlib.sha256(f"{run_id}{uid}".encode()).hexdigest()
        look = {
            "capture_id": f"{run_id}-{uid}", "run_id": run_id, "period": "2021Q1", "extractor_version": "1",
        }  # fmt: skip
        posts = (latest, POINT - timedelta(days=300)) if outcome.startswith("ok") else ()
        tables["captures"].append(
            look
            | {
                "shard": "weibo", "subject_kind": "account", "subject_id": subject, "platform": "weibo",
                "channel": "web", "url": f"https://weibo.com/u/{uid}", "captured_at": LOOKED,
                "server_date": LOOKED, "outcome": outcome, "detail": "", "http_status": 200, "attempt": 1,
                "identity_seen": uid, "items_seen": len(posts), "reached_end": bool(posts),
                "oldest_seen": min(posts, default=None), "newest_seen": max(posts, default=None),
                "evidence_sha256": sha256,
            }
        )  # fmt: skip
        tables["evidence"].append(
            look
            | {
                "subject_id": subject, "sha256": sha256, "role": "list", "media_type": "application/json",
                "url": "https://weibo.com/ajax/statuses/mymblog", "http_status": 200, "server_date": LOOKED,
                "bytes": 1, "stored_path": f"{sha256[:2]}/{sha256}.json.gz", "seen_at": LOOKED,
            }
        )  # fmt: skip
        tables["posts"] += [
            look
            | {
                "platform": "weibo", "subject_id": subject, "post_id": f"{uid}{number}",
                "published_at": at, "published_raw": str(at), "published_rule": "weibo_absolute",
                "is_pinned": False, "is_repost": False, "is_deleted": False, "kind": "microblog",
                "title": "合成", "url": "https://weibo.com/1/a", "evidence_sha256": sha256, "seen_at": LOOKED,
            }
            for number, at in enumerate(posts)
        ]  # fmt: skip
    land_shard(tmp_path / "data" / "landing", "2021Q1", run_id, "weibo", tables)


def published(tmp_path: Path) -> dict[str, Any]:
    with duckdb.connect(str(tmp_path / "data" / "published" / "compliance.duckdb"), read_only=True) as file:
        row = file.execute(
            "select passed, failed, undetermined, pass_rate_text, status "
            "from marts.fct_quarterly_pass_rates where breakdown = 'all' and subject_kind = 'account'"
        ).fetchone()
    assert row is not None
    return dict(zip(("passed", "failed", "undetermined", "text", "status"), row, strict=True))


def test_a_broken_batch_leaves_yesterdays_file_untouched(registry: Path, tmp_path: Path) -> None:
    fresh, stale = POINT - timedelta(days=2), POINT - timedelta(days=14)  # exactly T − 14 d is outside
    land(tmp_path, "r1", {UIDS[0]: fresh, UIDS[1]: stale})
    done = xunjian(tmp_path, "assess", "--period", "2021Q1")
    assert done.returncode == 0, done.stdout + done.stderr
    expected = {"passed": 1, "failed": 1, "undetermined": 0, "text": "50%", "status": "final"}
    assert published(tmp_path) == expected
    file = tmp_path / "data" / "published" / "compliance.duckdb"
    manifest = json.loads((file.parent / "manifest.json").read_text(encoding="utf-8"))
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    assert manifest["sha256"] == before

    land(tmp_path, "r2", {UIDS[0]: LOOKED + timedelta(days=5), UIDS[1]: stale})  # later than its capture
    done = xunjian(tmp_path, "assess", "--period", "2021Q1")
    assert done.returncode == 4, done.stdout + done.stderr
    assert "严重" in done.stdout
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before

    land(tmp_path, "r2", {UIDS[0]: fresh, UIDS[1]: stale + timedelta(seconds=1)})  # mended: one second inside
    done = xunjian(tmp_path, "assess", "--period", "2021Q1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert published(tmp_path)["text"] == "100%", "a post seen in the window is an update, whoever missed it"

    assert xunjian(tmp_path, "publish", "--period", "2021Q1").returncode == 0, "nothing has changed since"
    assert xunjian(tmp_path, "build", "--period", "2021Q1").returncode == 0
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    done = xunjian(tmp_path, "publish", "--period", "2021Q1")
    assert (done.returncode, "xunjian validate" in done.stderr) == (2, True), "no border has seen this build"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before


def test_a_captcha_is_never_an_idle_account(registry: Path, tmp_path: Path) -> None:
    land(tmp_path, "r1", {UIDS[0]: POINT - timedelta(days=2)})
    land(tmp_path, "r1b", {UIDS[1]: POINT}, outcome="captcha")
    done = xunjian(tmp_path, "assess", "--period", "2021Q1")
    # Half of the platform unread is not fit to publish; with the gate's floor met it would be provisional.
    assert done.returncode in (0, 4), done.stdout + done.stderr
    build = xunjian(tmp_path, "load", "--period", "2021Q1")
    assert build.returncode == 0, build.stderr
    assert xunjian(tmp_path, "build", "--period", "2021Q1").returncode == 0
    working = tmp_path / "data" / "warehouse" / "xunjian.duckdb"
    with duckdb.connect(str(working), read_only=True) as file:
        verdicts = dict(file.execute("select subject_id, verdict from marts.fct_verdicts").fetchall())
        status = file.execute(
            "select status from marts.fct_quarterly_pass_rates where breakdown = 'all'"
        ).fetchall()
    assert verdicts == {f"weibo:{UIDS[0]}": "pass", f"weibo:{UIDS[1]}": "undetermined"}
    assert status == [("provisional",)], "the rate says that somebody was not seen"
