"""Every expectation of the landing border, made to fail once by a batch broken in one place."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from docs_pages import english_in, words_of
from landed_batch import LOOKED, PERIOD, RUN, Batch, sha256

from expectations.landing import landing_suites
from expectations.run import validate
from extractors.landing import landed_file
from settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


def test_healthy_batch_passes(settings: Settings) -> None:
    Batch().land(settings.landing)
    result = validate(settings, PERIOD, "landing")
    assert (result.success, result.criticals, result.warnings) == (True, [], [])
    summary = json.loads((settings.quality / f"landing-{PERIOD}.json").read_text("utf-8"))
    assert summary["status"] == "passed"
    assert {suite["name"]: suite["rows"] for suite in summary["suites"]} == {
        "landing.schema": summary["suites"][0]["rows"],
        "landing.subjects": 30,
        "landing.channels": 3,
        "landing.captures": 30,
        "landing.posts": 20,
        "landing.site_items": 10,
        "landing.page_visits": 10,
        "landing.site_messages": 10,
        "landing.site_services": 10,
        "landing.account_menus": 10,
        "landing.evidence": 30,
        "landing.probes": 0,
    }


Breaking = Callable[[Batch], None]


def put(table: str, column: str, value: object, *rows: int) -> Breaking:
    """Write ``value`` into the column of the rows with these numbers."""

    def breaking(batch: Batch) -> None:
        for row in rows:
            batch.table(table)[row][column] = value

    return breaking


def twice(table: str, row: int) -> Breaking:
    def breaking(batch: Batch) -> None:
        batch.table(table).append(dict(batch.table(table)[row]))

    return breaking


def unlooked(subjects: int) -> Breaking:
    """The first accounts of the registry have no capture, and hence no rows."""

    def breaking(batch: Batch) -> None:
        gone = {row["subject_id"] for row in batch.rows["captures"][:subjects]}
        for table in ("captures", "posts", "account_menus", "evidence"):
            batch.rows[table] = [row for row in batch.rows[table] if row["subject_id"] not in gone]

    return breaking


def without_platform(batch: Batch) -> None:
    for table in ("captures", "posts"):
        batch.rows[table] = [row for row in batch.rows[table] if row.get("platform") != "weibo"]


def without_registry(batch: Batch) -> None:
    batch.registry["registry_accounts"].clear()
    batch.registry["registry_websites"].clear()


TOMORROW = LOOKED + timedelta(days=1)
NOT_A_HASH = "zz" * 32
UNKNOWN = sha256("nothing that landed")

# One broken batch each: what is broken in it, and the words of the message for every fault.
BROKEN: dict[str, list[tuple[Breaking, str]]] = {
    "no-registry": [(without_registry, "没有台账快照，或台账内没有未关停的对象。")],
    "volume-low": [(unlooked(4), "没有采集记录，已超过一成（4 处：account/douyin:u0，account/douyin:u2")],
    "volume-one": [(unlooked(1), "本季度没有采集记录（1 处：account/douyin:u0）")],
    "platform-gone": [(without_platform, "采集成功率不足 50%（1 处：weibo）")],
    "all-blocked": [
        (put("captures", "outcome", "captcha", *range(30)), "成功率不足 50%（3 处：douyin，websites，weibo）")
    ],
    "one-blocked": [(put("captures", "outcome", "captcha", 0), "成功率不足 95%（1 处：douyin）")],
    "registry": [
        (put("registry_accounts", "subject_id", None, 0), "台账对象没有标识（1 处：account/空）"),
        (twice("registry_accounts", 1), "台账对象的标识重复（2 处：account/weibo:u1"),
    ],
    "captures": [
        (put("captures", "capture_id", None, 0), "采集记录没有编号（1 处：douyin:u0/空）"),
        (put("captures", "run_id", None, 1), "采集记录没有运行号（1 处：weibo:u1"),
        (put("captures", "subject_id", None, 2), "采集记录没有对象标识（1 处：空/c-douyin:u2）"),
        (put("captures", "captured_at", None, 3), "采集记录没有时间（1 处：weibo:u3"),
        (put("captures", "outcome", None, 4), "采集记录没有结果（1 处：douyin:u4"),
        (twice("captures", 5), "采集编号重复（2 处：weibo:u5"),
        (
            put("captures", "subject_kind", "app", 6),
            "不是 account、website、canary、menu 或 closed（1 处：douyin:u6",
        ),
        (put("captures", "outcome", "fine", 7), "采集记录：采集结果不在规定的取值之内（1 处：weibo:u7"),
        (
            put("captures", "evidence_sha256", NOT_A_HASH, 8),
            "采集记录：证据哈希不是 64 位十六进制（1 处：douyin:u8",
        ),
        (put("captures", "evidence_sha256", UNKNOWN, 9), "采集记录：引用的证据没有落地（2 处：douyin:u8"),
    ],
    "posts": [
        (put("posts", "capture_id", None, 0), "发布内容没有采集编号（1 处：douyin:u0/p0）"),
        (put("posts", "subject_id", None, 1), "发布内容没有账号标识（1 处：空/p1）"),
        (put("posts", "post_id", None, 2), "发布内容没有编号（1 处：douyin:u2/空）"),
        (put("posts", "published_at", None, 3), "发布内容没有发布时间（1 处：weibo:u3/p3）"),
        (put("posts", "evidence_sha256", None, 4), "发布内容没有证据（1 处：douyin:u4/p4）"),
        (twice("posts", 5), "同一次采集中发布内容重复（2 处：weibo:u5/p5，weibo:u5/p5）"),
        (put("posts", "published_at", TOMORROW, 6), "发布时间晚于采集时间（1 处：douyin:u6/p6）"),
        (
            put("posts", "capture_id", "c-?", 7),
            "新媒体发布内容：没有对应的采集记录（2 处：douyin:u0/p0，weibo:u7/p7）",
        ),
        (
            put("posts", "evidence_sha256", NOT_A_HASH, 8),
            "新媒体发布内容：证据哈希不是 64 位十六进制（1 处：douyin:u8/p8）",
        ),
        (
            put("posts", "evidence_sha256", UNKNOWN, 9),
            "新媒体发布内容：引用的证据没有落地（2 处：douyin:u8/p8，weibo:u9/p9）",
        ),
    ],
    "site_items": [
        (put("site_items", "capture_id", None, 0), "网站条目没有采集编号（1 处：4408000000/"),
        (put("site_items", "site_code", None, 1), "网站条目没有网站标识码（1 处：空/"),
        (put("site_items", "evidence_sha256", None, 2), "网站条目没有证据（1 处：4408000002/"),
        (
            put("site_items", "claimed_date", date(2021, 4, 2), 3),
            "超过 5% 的网站条目标注日期晚于采集日（1 处：4408000003/",
        ),
        (put("site_items", "capture_id", "c-?", 4), "网站栏目条目：没有对应的采集记录（2 处：4408000000/"),
        (
            put("site_items", "evidence_sha256", NOT_A_HASH, 5),
            "网站栏目条目：证据哈希不是 64 位十六进制（1 处：4408000005/",
        ),
        (
            put("site_items", "evidence_sha256", UNKNOWN, 6),
            "网站栏目条目：引用的证据没有落地（2 处：4408000005/",
        ),
    ],
    "page_visits": [
        (put("page_visits", "capture_id", None, 0), "页面访问没有采集编号（1 处：4408000000/"),
        (put("page_visits", "site_code", None, 1), "页面访问没有网站标识码（1 处：空/"),
        (put("page_visits", "outcome", None, 2), "页面访问没有结果（1 处：4408000002/"),
        (
            put("page_visits", "outcome", "200", 3),
            "网站页面访问：采集结果不在规定的取值之内（1 处：4408000003/",
        ),
        (put("page_visits", "capture_id", "c-?", 4), "网站页面访问：没有对应的采集记录（2 处：4408000000/"),
        (
            put("page_visits", "evidence_sha256", NOT_A_HASH, 5),
            "网站页面访问：证据哈希不是 64 位十六进制（1 处：4408000005/",
        ),
        (
            put("page_visits", "evidence_sha256", UNKNOWN, 6),
            "网站页面访问：引用的证据没有落地（2 处：4408000005/",
        ),
    ],
    "site_messages": [
        (put("site_messages", "capture_id", None, 0), "公开留言没有采集编号（1 处：4408000000/"),
        (put("site_messages", "site_code", None, 1), "公开留言没有网站标识码（1 处：空/"),
        (put("site_messages", "evidence_sha256", None, 2), "公开留言没有证据（1 处：4408000002/"),
        (put("site_messages", "message_id", None, 3), "公开留言缺少编号或提出日期（1 处：4408000003/"),
        (put("site_messages", "replied_on", date(2021, 2, 1), 4), "回复日期早于提出日期（1 处：4408000004/"),
        (
            put("site_messages", "capture_id", "c-?", 5),
            "网站公开留言：没有对应的采集记录（",
        ),
        (
            put("site_messages", "evidence_sha256", NOT_A_HASH, 6),
            "网站公开留言：证据哈希不是 64 位",
        ),
        (put("site_messages", "evidence_sha256", UNKNOWN, 7), "网站公开留言：引用的证据没有落地（2 处："),
    ],
    "site_services": [
        (put("site_services", "capture_id", None, 0), "办事事项没有采集编号（1 处：4408000000/"),
        (put("site_services", "site_code", None, 1), "办事事项没有网站标识码（1 处：空/"),
        (put("site_services", "elements_missing", ["设定依据"], 2), "要素不是八类（1 处：4408000002/"),
        (put("site_services", "elements_found", None, 3), "没有读到而未写原因，或相反（1 处：4408000003/"),
        (
            put("site_services", "capture_id", "c-?", 5),
            "网站办事服务事项：没有对应的采集记录（",
        ),
        (
            put("site_services", "evidence_sha256", NOT_A_HASH, 6),
            "网站办事服务事项：证据哈希不是 64 位",
        ),
        (put("site_services", "evidence_sha256", UNKNOWN, 7), "网站办事服务事项：引用的证据没有落地（2 处："),
    ],
    "account_menus": [
        (put("account_menus", "capture_id", None, 0), "自定义菜单没有采集编号（1 处：douyin:u0"),
        (put("account_menus", "subject_id", None, 1), "自定义菜单没有账号标识（1 处：空"),
        (put("account_menus", "is_open", None, 2), "没有写明是否启用（1 处：douyin:u4"),
        (put("account_menus", "entries", "[", 3), "菜单项读不懂（1 处：douyin:u6"),
        (put("account_menus", "is_open", False, 4), "没有启用的自定义菜单却有互动入口（1 处：douyin:u8"),
        (put("account_menus", "identity_seen", "u1", 5), "属于另一个公众号（1 处：douyin:u10"),
        (
            put("account_menus", "capture_id", "c-?", 6),
            "公众号自定义菜单：没有对应的采集记录（2 处：douyin:u0",
        ),
        (put("account_menus", "evidence_sha256", NOT_A_HASH, 7), "公众号自定义菜单：证据哈希不是 64 位"),
        (put("account_menus", "evidence_sha256", UNKNOWN, 9), "公众号自定义菜单：引用的证据没有落地（"),
        (put("account_menus", "evidence_sha256", None, 8), "自定义菜单没有证据（1 处：douyin:u16"),
    ],
    "evidence": [
        (put("evidence", "capture_id", None, 0), "证据没有采集编号（1 处：douyin:u0/"),
        (put("evidence", "sha256", None, 1), "证据没有哈希（1 处：weibo:u1/空）"),
        (put("evidence", "sha256", NOT_A_HASH, 2), "证据登记：证据哈希不是 64 位十六进制（1 处：douyin:u2/"),
        (put("evidence", "capture_id", "c-?", 3), "证据登记：没有对应的采集记录（2 处：douyin:u0/"),
    ],
}
ONLY_WARNED = {"volume-one", "one-blocked"}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_batch_is_caught(settings: Settings, name: str) -> None:
    batch = Batch()
    for breaking, _ in BROKEN[name]:
        breaking(batch)
    batch.land(settings.landing)
    result = validate(settings, PERIOD, "landing")
    said = [*result.criticals, *result.warnings]
    for _, words in BROKEN[name]:
        assert any(words in line for line in said), (words, said)
    assert result.success is (name in ONLY_WARNED)
    assert (result.criticals == []) is (name in ONLY_WARNED)
    assert all("\n" not in line for line in said)
    assert english_in(result.docs.parent) == []
    told = "".join(words_of(page) for page in result.docs.parent.glob("validations/**/*.html"))
    assert told.count("发现：") - told.count("没有发现：") == told.count("怎么办：") == len(said)


def test_no_expectation_is_left_untried(settings: Settings) -> None:
    Batch().land(settings.landing)
    tried = [words.partition("（")[0].rstrip("。") for cases in BROKEN.values() for _, words in cases]
    expected = [
        f"{suite.title}：{expectation.meta['what']}"
        for suite in landing_suites(settings.landing, PERIOD)
        if suite.name != "landing.probes"  # see test_landing_probes.py
        for expectation in suite.expectations
        if expectation.meta is not None
    ]
    untried = [line for line in expected if not any(words in line for words in tried)]
    # These two have tests of their own below.
    assert untried == [
        "落地文件的列与类型：落地文件的列或类型与约定不符",
        "网站栏目条目：网站条目标注日期晚于采集日",
    ]


def test_one_future_day_in_many_is_only_a_warning(settings: Settings) -> None:
    batch = Batch()
    batch.rows["site_items"] = [dict(batch.rows["site_items"][0]) for _ in range(100)]
    batch.rows["site_items"][0]["claimed_date"] = date(2031, 1, 1)
    batch.land(settings.landing)
    result = validate(settings, PERIOD, "landing")
    assert (result.success, len(result.warnings)) == (True, 1)
    assert "网站条目标注日期晚于采集日" in result.warnings[0]


def test_the_day_of_a_look_is_shanghai_s(settings: Settings) -> None:
    batch = Batch()  # 2021-04-01T20:00Z is 2 April in Shanghai
    for row in batch.rows["captures"]:
        row["captured_at"] = LOOKED.replace(hour=20)
    batch.rows["site_items"][0]["claimed_date"] = date(2021, 4, 2)
    batch.land(settings.landing)
    assert validate(settings, PERIOD, "landing").warnings == []


def test_a_post_may_appear_during_the_look_or_by_the_platform_s_clock(settings: Settings) -> None:
    batch = Batch()
    late = LOOKED + timedelta(seconds=40)
    for row in batch.rows["posts"][:2]:
        row["published_at"] = late
    batch.rows["captures"][0]["duration_ms"] = 45_000
    batch.rows["captures"][1]["server_date"] = late
    batch.land(settings.landing)
    assert validate(settings, PERIOD, "landing").criticals == []


def test_a_later_look_makes_good_an_earlier_one(settings: Settings) -> None:
    batch = Batch()
    for row in [row for row in batch.rows["captures"] if row["platform"] == "douyin"]:
        batch.rows["captures"].append(row | {"capture_id": row["capture_id"] + "-0", "outcome": "captcha"})
    batch.land(settings.landing)
    assert validate(settings, PERIOD, "landing").success


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("type", "captures/http_status"),
        ("missing", "captures/outcome"),
        ("extra", "captures/likes"),
        ("torn", "等"),
    ],
)
def test_wrong_shape_is_all_that_is_said(settings: Settings, fault: str, words: str) -> None:
    Batch().land(settings.landing)
    file = landed_file(settings.landing, "captures", PERIOD, RUN, "s1")
    table = pq.read_table(file, partitioning=None)
    if fault == "type":
        table = table.set_column(
            table.schema.get_field_index("http_status"), "http_status", pa.array(["200"] * 30)
        )
    elif fault == "missing":
        table = table.drop_columns("outcome")
    elif fault == "extra":
        table = table.append_column("likes", pa.array([1] * 30))
    pq.write_table(table, file)
    if fault == "torn":
        file.write_bytes(file.read_bytes()[:100])
    result = validate(settings, PERIOD, "landing")
    assert not result.success
    assert len(result.criticals) == 1
    assert "列或类型与约定不符" in result.criticals[0]
    assert words in result.criticals[0]


def test_what_was_landed_before_a_column_or_a_table_was_added_is_welcome(settings: Settings) -> None:
    Batch().land(settings.landing)
    before = "20210401T000000Z-abc"
    file = landed_file(settings.landing, "registry_plan", PERIOD, before, "all")
    table = pq.read_table(file, partitioning=None)
    pq.write_table(table.drop_columns(["confirm_observations", "canary_hours"]), file)
    landed_file(settings.landing, "registry_canaries", PERIOD, before, "all").unlink()
    result = validate(settings, PERIOD, "landing")
    assert (result.success, result.criticals, result.warnings) == (True, [], [])


def test_a_column_added_later_must_have_its_type_where_it_is(settings: Settings) -> None:
    Batch().land(settings.landing)
    file = landed_file(settings.landing, "registry_plan", PERIOD, "20210401T000000Z-abc", "all")
    table = pq.read_table(file, partitioning=None)
    place = table.schema.get_field_index("canary_hours")
    pq.write_table(table.set_column(place, "canary_hours", pa.array(["48"])), file)
    assert "registry_plan/canary_hours" in validate(settings, PERIOD, "landing").criticals[0]


def test_a_missing_table_of_a_whole_shard(settings: Settings) -> None:
    Batch().land(settings.landing)
    landed_file(settings.landing, "posts", PERIOD, RUN, "s1").unlink()
    assert "posts/capture_id" in validate(settings, PERIOD, "landing").criticals[0]


def test_unfinished_shards_are_not_looked_at(settings: Settings) -> None:
    Batch().land(settings.landing)
    orphan = landed_file(settings.landing, "posts", PERIOD, RUN, "s2")
    orphan.write_bytes(b"half a file")
    assert validate(settings, PERIOD, "landing").success


def test_nothing_landed(settings: Settings) -> None:
    result = validate(settings, PERIOD, "landing")
    assert not result.success
    assert "没有台账快照" in result.criticals[0]


def test_hostile_ids_stay_on_one_line_and_do_nothing(settings: Settings) -> None:
    batch = Batch()
    batch.rows["posts"][0] |= {"post_id": "<script>alert(1)</script>\nok", "published_at": TOMORROW}
    batch.land(settings.landing)
    result = validate(settings, PERIOD, "landing")
    assert "<script>alert(1)</script> ok" in result.criticals[0]
    for page in result.docs.parent.rglob("*.html"):
        assert "<script" not in page.read_text("utf-8")
