"""A second channel is tried only where the first proved nothing, and leaves a row of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from extractors.capture import run_shard
from extractors.landing import landed_file
from extractors.registry import Registry, read_registry
from replica.scenario import BUNDLED
from replica.server import Replica, running_replica
from replica.sessions import write_sessions
from settings import Settings

pytestmark = pytest.mark.browser
REGISTRY = BUNDLED / "zhanjiang_2021q1" / "registry"


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with running_replica() as running:
        yield running


@pytest.fixture
def settings(replica: Replica, tmp_path: Path) -> Settings:
    write_sessions(tmp_path / "sessions")
    return Settings(
        data=tmp_path / "data", sessions=tmp_path / "sessions", proxy=replica.proxy_url, tls_verify=False,
        pace_seconds=0, page_seconds=20, circuit_after=2,
    )  # fmt: skip


def few(platform: str, count: int) -> Registry:
    """The first accounts of the bundled city's ``platform``."""
    registry = read_registry(REGISTRY)
    registry.accounts[:] = [row for row in registry.accounts if row["platform"] == platform][:count]
    registry.websites.clear()
    registry.columns.clear()
    registry.canaries.clear()
    return registry


def rows(settings: Settings, table: str, platform: str) -> list[dict[str, Any]]:
    path = landed_file(settings.landing, table, "2021Q1", "r1", platform)
    found: list[dict[str, Any]] = pq.ParquetFile(path).read().to_pylist()
    return found


def told(settings: Settings, platform: str) -> list[tuple[str, int, str, str]]:
    captures = rows(settings, "captures", platform)
    return [(c["subject_id"], c["attempt"], c["channel"], c["outcome"]) for c in captures]


def test_weibo_speaks_by_its_mobile_site_where_the_desktop_refuses(
    replica: Replica, settings: Settings
) -> None:
    registry = few("weibo", 2)
    refused, well = (f"weibo:{row['platform_uid']}" for row in registry.accounts)
    replica.set_state(refused, "desktop_refused")
    assert run_shard(registry, settings, "r1", "weibo") == 0
    assert told(settings, "weibo") == [
        (refused, 1, "weibo.desktop", "rate_limited"),
        (well, 1, "weibo.desktop", "ok_complete"),
        (refused, 2, "weibo.desktop", "rate_limited"),
        (refused, 3, "weibo.mobile", "ok_complete"),
    ]
    captures = {c["capture_id"]: c["channel"] for c in rows(settings, "captures", "weibo")}
    posts = [p for p in rows(settings, "posts", "weibo") if p["subject_id"] == refused]
    assert posts and {captures[post["capture_id"]] for post in posts} == {"weibo.mobile"}


def test_kuaishou_without_a_login_proves_updated_by_the_live_site(
    replica: Replica, settings: Settings
) -> None:
    (settings.sessions / "kuaishou.json").unlink()
    registry = few("kuaishou", 4)
    ids = [f"kuaishou:{row['platform_uid']}" for row in registry.accounts]
    replica.set_state(ids[1], "both_refuse")
    assert run_shard(registry, settings, "r1", "kuaishou") == 0
    seen = told(settings, "kuaishou")
    # The circuit of the first channel opens after two refusals; the second has one of its own.
    assert [row[2:] for row in seen if row[1] == 1] == [
        ("kuaishou.web:anonymous", "login_required"),
        ("kuaishou.web:anonymous", "rate_limited"),
        ("kuaishou.web", "rate_limited"),
        ("kuaishou.web", "rate_limited"),
    ]
    assert [(row[0], *row[2:]) for row in seen if row[1] == 3] == [
        (ids[0], "kuaishou.live:anonymous", "ok_partial"),
        (ids[1], "kuaishou.live:anonymous", "rate_limited"),
        (ids[2], "kuaishou.live:anonymous", "ok_partial"),
        (ids[3], "kuaishou.live:anonymous", "ok_partial"),
    ]
    rules = {post["published_rule"] for post in rows(settings, "posts", "kuaishou")}
    assert rules == {"kuaishou_upload_second", "kuaishou_atlas_ms"}


def test_a_stale_weibo_list_is_held_against_the_window_query(replica: Replica, settings: Settings) -> None:
    registry = few("weibo", 99)
    hidden = next(row for row in registry.accounts if "合成" in row["account_name"])
    stale = next(row for row in registry.accounts if row["account_name"] == "麻章风采")
    registry.accounts[:] = [hidden, stale]
    replica.set_state(f"weibo:{hidden['platform_uid']}", "hides_the_newest")
    assert run_shard(registry, settings, "r1", "weibo") == 0
    captures = rows(settings, "captures", "weibo")
    assert [(c["outcome"], c["attempt"]) for c in captures] == [("ok_partial", 1), ("ok_complete", 1)]
    assert captures[0]["detail"].startswith("窗口查询给出列表中没有的")
    asked = [e["subject_id"] for e in rows(settings, "evidence", "weibo") if e["role"] == "window"]
    assert asked == [f"weibo:{row['platform_uid']}" for row in registry.accounts]
