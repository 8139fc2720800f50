"""The Zhanjiang scenario says what the circular says, and nothing besides fails by what the pages show."""

import csv
import json
import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from errors import UserError
from replica.scenario import BUNDLED, Scenario, instant, load_scenario
from replica.timelines import posts_of
from replica.websites.content import ColumnContent, content_of

FOLDER = BUNDLED / "zhanjiang_2021q1"
REGISTRY = FOLDER / "registry"
STALE_ACCOUNTS = {"湛江市e警通", "湛江霞山交警", "湛江交警", "麻章风采", "平安徐闻"}
NAMED_ACCOUNTS = [
    ("湛江市e警通", "市公安局", "douyin"),
    ("湛江霞山交警", "市公安局", "douyin"),
    ("湛江交警", "市公安局", "kuaishou"),
    ("湛江市赤坎区应急管理局", "赤坎区政府", "wechat"),
    ("麻章风采", "麻章区政府", "weibo"),
    ("平安徐闻", "徐闻县政府", "wechat"),
]
NAMED_SITES = [
    ("坡头区政府网", "坡头区人民政府", "portal"),
    ("麻章区政府网", "麻章区人民政府", "portal"),
    ("湛江市人民政府地方志办公室", "湛江市人民政府地方志办公室", "channel"),
    ("市民政局", "市民政局", "channel"),
]
ID_FORMS = {
    "douyin": r"MS4wLjABAAAA[\w-]{43}",
    "kuaishou": r"3x[a-z0-9]{13}",
    "wechat": r"Mz[\w]+={0,2}",
    "weibo": r"\d{10}",
}


def rows(table: str) -> list[dict[str, str]]:
    with (REGISTRY / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("zhanjiang_2021q1")


def test_the_registry_has_the_circulars_accounts_and_otherwise_synthetic_ones() -> None:
    accounts = rows("accounts")
    assert Counter(row["platform"] for row in accounts) == {
        "wechat": 130,
        "weibo": 35,
        "douyin": 30,
        "kuaishou": 21,
    }
    real = [row for row in accounts if "合成" not in row["account_name"]]
    assert [(row["account_name"], row["organiser"], row["platform"]) for row in real] == NAMED_ACCOUNTS
    assert (
        len({row["account_name"] for row in accounts})
        == len({row["platform_uid"] for row in accounts})
        == 216
    )
    assert all(re.fullmatch(ID_FORMS[row["platform"]], row["platform_uid"]) for row in accounts)
    assert {row["status"] for row in accounts} == {"active"}


def test_the_canaries_are_synthetic_not_inspected_and_post_daily(scenario: Scenario) -> None:
    canaries = rows("canaries")
    assert {row["platform"] for row in canaries} == set(ID_FORMS)
    inspected = {row["platform_uid"] for row in rows("accounts")}
    for row in canaries:
        assert "合成" in row["account_name"] and row["platform_uid"] not in inspected
        assert re.fullmatch(ID_FORMS[row["platform"]], row["platform_uid"])
        account = scenario.account(row["platform"], row["platform_uid"])
        assert account is not None
        times = [post.at for post in posts_of(scenario, account) if not post.pinned]
        assert scenario.now - times[0] < timedelta(hours=1)
        assert {(a.date() - b.date()).days for a, b in pairwise(times)} == {1}


def test_a_stale_platform_holds_back_its_newest(scenario: Scenario) -> None:
    account = next(s for s in scenario.subjects if s.name == "每日微博对照一（合成）")
    scenario.set_stale("weibo", scenario.now - timedelta(days=20))
    try:
        assert scenario.now - posts_of(scenario, account)[0].at > timedelta(days=20)
    finally:
        scenario.set_stale("weibo", None)
    assert scenario.now - max(post.at for post in posts_of(scenario, account)) < timedelta(hours=1)


def test_the_registry_has_the_circulars_websites_and_otherwise_synthetic_ones() -> None:
    sites = rows("websites")
    assert Counter(row["site_class"] for row in sites) == {"portal": 11, "standalone": 5, "channel": 31}
    real = [row for row in sites if "合成" not in row["site_name"]]
    assert [(row["site_name"], row["organiser"], row["site_class"]) for row in real] == NAMED_SITES
    assert {row["site_code"] for row in rows("columns")} == {row["site_code"] for row in sites}


def test_what_reviewers_found_has_its_evidence_and_its_subject() -> None:
    by_name = {row["site_name"]: row["site_code"] for row in rows("websites")}
    names = {f"{row['platform']}:{row['platform_uid']}": row["account_name"] for row in rows("accounts")}
    names |= {code: name for name, code in by_name.items()}
    found = {(names[row["subject_id"]], row["indicator"], row["problem"]) for row in rows("manual_findings")}
    assert found == {
        ("麻章区政府网", "W1", "内容发布审核不严（伪造发稿日期）"),
        ("市民政局", "W1", "内容发布审核不严（文不对题）"),
        ("湛江市赤坎区应急管理局", "M3.1", "缺有效互动渠道菜单功能"),
    }
    for row in rows("manual_findings"):
        assert "情景数据" in (REGISTRY / row["evidence_file"]).read_text(encoding="utf-8")


def test_three_synthetic_portals_are_below_sixty_and_vetoed_ones_are_not_scored() -> None:
    portals = {
        row["site_code"]: row["site_name"] for row in rows("websites") if row["site_class"] == "portal"
    }
    scores = {portals[row["site_code"]]: float(row["score"]) for row in rows("manual_scores")}
    assert set(portals.values()) - set(scores) == {"坡头区政府网", "麻章区政府网"}
    low = [name for name, score in scores.items() if score < 60]
    assert len(low) == 3
    assert all("合成" in name for name in low)


def test_exactly_the_five_named_accounts_have_no_post_in_the_two_weeks(scenario: Scenario) -> None:
    point = scenario.monitoring_point
    stale = {
        subject.name
        for subject in scenario.subjects
        if subject.platform != "websites"
        and not any(point - timedelta(days=14) < post.at <= point for post in posts_of(scenario, subject))
    }
    assert stale == STALE_ACCOUNTS


def test_the_edges_are_there(scenario: Scenario) -> None:
    point, edge = scenario.monitoring_point, scenario.monitoring_point - timedelta(days=14)
    newest = {
        subject.name: max(
            post.at for post in posts_of(scenario, subject) if not post.pinned and post.at <= point
        )
        for subject in scenario.subjects
        if subject.platform != "websites"
    }
    assert newest["湛江经开水务（合成）"] == edge + timedelta(seconds=1)
    assert newest["霞山消防（合成）"] == point
    assert newest["吴川市场监管（合成）"] < edge  # only its pinned post is fresh
    assert any(post.at > point for subject in scenario.find("weibo") for post in posts_of(scenario, subject))
    reposted = posts_of(scenario, scenario.find("雷州水务（合成）")[0])
    assert {bool(post.repost) for post in reposted} == {True}


def test_no_post_or_item_is_from_the_future_and_each_second_has_one(scenario: Scenario) -> None:
    for subject in scenario.subjects:
        if subject.platform == "websites":
            held = content_of(scenario, subject)
            times = [item.at for column in held.columns for item in column.items]
        else:
            posts = posts_of(scenario, subject)
            times = [post.at for post in posts]
            assert len({post.epoch for post in posts}) == len(posts), subject.name
        assert max(times) <= scenario.now, subject.name


def stale(column: ColumnContent, last_day: date, days: int) -> bool:
    newest = [item.at.date() for item in column.items if item.at.date() <= last_day]
    return not newest or max(newest) <= last_day - timedelta(days=days)


def test_only_the_two_captured_websites_fail_by_their_columns(scenario: Scenario) -> None:
    last_day = scenario.monitoring_point.date()
    stale_columns, overdue, blank = Counter[str](), Counter[str](), Counter[str]()
    for site in scenario.subjects:
        if site.platform != "websites":
            continue
        for column in content_of(scenario, site).columns:
            kind, days = column.column.column_class, column.column.update_within_days
            window = {"news": 14, "notice": 182, "policy": 182}.get(kind)
            stale_columns[site.name] += bool(column.items and window and stale(column, last_day, window))
            overdue[site.name] += bool(column.items and days and stale(column, last_day, days))
            blank[site.name] += not column.items
    assert {name: count for name, count in stale_columns.items() if count} == {"坡头区政府网": 6}
    assert {name: count for name, count in overdue.items() if count} == {"坡头区政府网": 6}
    assert {name for name, count in blank.items() if count >= 5} == {"湛江市人民政府地方志办公室"}
    assert blank["湛江市人民政府地方志办公室"] == 5


def test_every_home_page_with_lists_shows_something_of_the_last_two_weeks(scenario: Scenario) -> None:
    last_day = scenario.monitoring_point.date()
    navigation = []
    for site in scenario.subjects:
        if site.platform != "websites":
            continue
        held = content_of(scenario, site)
        if held.home_is_navigation:
            navigation.append(site.name)
        shown = [
            column for column in held.columns if column.column.column_class in ("news", "notice", "policy")
        ]
        assert not all(stale(column, last_day, 14) for column in shown), site.name
    assert navigation


def test_the_plan_is_the_circulars() -> None:
    plan = yaml.safe_load((REGISTRY / "plan.yml").read_text(encoding="utf-8"))
    assert plan["period"] == "2021Q1"
    assert [instant(point) for point in plan["monitoring_points"]] == [instant("2021-03-31T23:59:59+08:00")]
    assert plan["indicators"] == ["W1", "W3", "W4", "SCORE", "M1", "M2", "M3"]


def test_it_is_drawn_alike_every_time() -> None:
    def drawn() -> str:
        scene = load_scenario("zhanjiang_2021q1")
        return json.dumps([[str(post) for post in posts_of(scene, s)] for s in scene.subjects[:20]])

    assert drawn() == drawn()


def test_a_scenario_that_speaks_of_strangers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "registry").symlink_to(REGISTRY)
    script = yaml.safe_load((FOLDER / "scenario.yml").read_text(encoding="utf-8"))
    script["accounts"]["没有这个号"] = {"posts": 3}
    (tmp_path / "scenario.yml").write_text(yaml.safe_dump(script, allow_unicode=True), encoding="utf-8")
    with pytest.raises(UserError, match="没有这个号"):
        load_scenario(tmp_path)
    with pytest.raises(UserError, match="没有情景"):
        load_scenario("no_such_scenario")
