"""A platform that has quietly broken, from real Chromium to the marts: nobody on it is found idle."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from extractors.capture import capture_all
from extractors.registry import read_registry
from extractors.registry.snapshot import land_snapshot
from replica.scenario import BUNDLED
from replica.server import RunningReplica, running_replica
from replica.sessions import write_sessions
from settings import Settings
from warehouse import build, load

pytestmark = pytest.mark.browser
SCENARIO = BUNDLED / "zhanjiang_2021q1" / "registry"
# On each platform one that has really been idle, and one that publishes.
IDLE = {"douyin": "湛江市e警通", "weibo": "麻章风采"}
BUSY = {"douyin": "廉江住建（合成）", "weibo": "徐闻发布（合成）"}
PLAN = """period: 2021Q1
sampling: {from: 2021-01-01, to: 2021-03-31}
monitoring_points: ["2021-03-31T23:59:59+08:00"]
indicators: [M2]
since: "2021-03-01T00:00:00+08:00"
"""


@pytest.fixture
def replica() -> Iterator[RunningReplica]:
    with running_replica() as running:
        yield running


@pytest.fixture
def settings(replica: RunningReplica, tmp_path: Path) -> Settings:
    write_sessions(tmp_path / "sessions")
    return Settings(
        data=tmp_path / "data", sessions=tmp_path / "sessions", proxy=replica.proxy_url, tls_verify=False,
        pace_seconds=0, page_seconds=20,
    )  # fmt: skip


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The two platforms' four accounts and their canaries, as an office's registry."""
    folder = tmp_path / "registry"
    folder.mkdir()
    chosen = {*IDLE.values(), *BUSY.values()}
    for table in ("accounts", "canaries"):
        with (SCENARIO / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines)
            kept = [row for row in rows if row["account_name"] in chosen or table == "canaries"]
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, rows.fieldnames or [])
            writer.writeheader()
            writer.writerows(kept)
    (folder / "plan.yml").write_text(PLAN, encoding="utf-8")
    return folder


def test_a_broken_platform_fails_nobody_and_the_others_go_on(
    replica: RunningReplica, settings: Settings, directory: Path
) -> None:
    # Every list of the platform is answered well, complete, of the right account, in order; and old.
    replica.scenario.set_stale("weibo", replica.scenario.now - timedelta(days=20))
    registry = read_registry(directory)
    captured = capture_all(registry, settings, only="platform")
    assert captured.complete and set(captured.summary.quarantined) == {"weibo"}
    assert not captured.summary.healthy
    land_snapshot(registry, settings)
    load(settings)
    build(settings, "2021Q1")
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as marts:
        runs = marts.sql(
            "select platform, canaries, canaries_updated, status from marts.fct_platform_runs order by all"
        ).fetchall()
        looks = marts.sql(
            "select distinct platform, subject_kind, outcome, judged_outcome from marts.fct_captures "
            "order by all"
        ).fetchall()
        checks = marts.sql(
            "select s.subject_name, c.status, c.reason from marts.fct_checks as c "
            "inner join marts.dim_subjects as s using (period, subject_kind, subject_id)"
        ).fetchall()
        warned = marts.sql("select subject_name from marts.fct_early_warnings").fetchall()
        canaries_posts = marts.sql(
            "select count(*) from marts.fct_posts where subject_id in "
            "(select subject_id from marts.fct_captures where subject_kind = 'canary')"
        ).fetchall()
    assert runs == [("douyin", 1, 1, "trusted"), ("weibo", 2, 0, "quarantined")]
    assert ("weibo", "account", "ok_complete", "ok_partial") in looks
    assert ("douyin", "account", "ok_complete", "ok_complete") in looks
    assert {name: status for name, status, _ in checks} == {
        IDLE["douyin"]: "fail",
        BUSY["douyin"]: "pass",
        IDLE["weibo"]: "undetermined",
        BUSY["weibo"]: "undetermined",
    }
    reasons = {name: reason for name, _, reason in checks}
    assert "2 个每天更新的对照账号中有 2 个没有读作已更新" in reasons[BUSY["weibo"]]
    assert (IDLE["douyin"],) in warned and not {(IDLE["weibo"],), (BUSY["weibo"],)} & set(warned)
    assert canaries_posts == [(0,)]
