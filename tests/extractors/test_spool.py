from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq

from extractors import EXTRACTOR_VERSION
from extractors.landing import SCHEMAS, land_shard, landed_file
from extractors.outcomes import Outcome
from extractors.records import (
    AccountMenu,
    PageVisit,
    Post,
    Seen,
    SiteItem,
    SiteMessage,
    SiteService,
    Subject,
    Visit,
)
from extractors.rows import Occasion, Rows, capture_id, rows_of
from extractors.shards import Shard
from extractors.spool import Spool, looks_done
from settings import Settings

AT = datetime(2021, 4, 1, 1, 0, 0, 123456, tzinfo=UTC)
SUBJECTS = tuple(Subject("account", f"douyin:u{i}", f"合成{i}", "douyin", f"u{i}", "") for i in range(3))
SHARD = Shard("douyin", "douyin", SUBJECTS)


def rows(subject: Subject, attempt: int = 1, outcome: Outcome = Outcome.OK_COMPLETE) -> Rows:
    seen = Seen("list", "https://example.com/", 200, "application/json", b"{}", AT)
    visit = Visit(outcome, "", "u", "u", 200, "douyin.web", subject.uid, AT, 1, AT, AT, True, seen.sha256)
    visit.posts = [Post("p1", AT, "raw", "epoch_s", "标题", "u", "video", evidence_sha256=seen.sha256)]
    visit.items = [SiteItem("column", "要闻", 0, "u", "t", date(2021, 3, 30), "2021-03-30", "iso")]
    visit.messages = [
        SiteMessage(
            "consultation", "咨询", "u", "1", "t", date(2021, 3, 1), None, "办理中", True, seen.sha256
        )
    ]
    visit.services = [SiteService("办事", "补证", "u", ["事项名称"], ["设定依据"], "", seen.sha256)]
    visit.menus = [AccountMenu(True, "[]", None, ["我要咨询"], None, seen.sha256)]
    visit.pages = [PageVisit("home", "", "u", "u", AT, outcome, "", 200, oldest_date=date(2021, 3, 1))]
    visit.seen = [seen, seen]
    occasion = Occasion("r1", "2021Q1", "douyin", attempt, AT, 1234)
    return rows_of(subject, visit, occasion, [(item, "ab/x.json.gz") for item in visit.seen])


def test_rows_have_exactly_the_columns_of_the_landing_tables() -> None:
    for table, made in rows(SUBJECTS[0]).items():
        assert [set(row) for row in made] == [set(SCHEMAS[table].names)], table
    capture = rows(SUBJECTS[0])["captures"][0]
    assert capture["capture_id"] == capture_id("r1", "douyin:u0", 1) != capture_id("r1", "douyin:u0", 2)
    assert capture["extractor_version"] == EXTRACTOR_VERSION


def test_what_is_spooled_comes_back_and_lands(settings: Settings) -> None:
    spool = Spool(settings, "r1", SHARD)
    assert spool.outcome("douyin:u0", 1) is None and looks_done(settings, "r1", SHARD) == 0
    for subject in reversed(SUBJECTS):
        spool.add(subject.id, 1, rows(subject))
    spool.add("douyin:u1", 2, rows(SUBJECTS[1], 2, Outcome.CAPTCHA))
    assert spool.outcome("douyin:u1", 2) is Outcome.CAPTCHA and looks_done(settings, "r1", SHARD) == 4
    tables = Spool(settings, "r1", SHARD).rows()
    assert [row["subject_id"] for row in tables["captures"]] == [
        "douyin:u0", "douyin:u1", "douyin:u2", "douyin:u1",
    ]  # fmt: skip
    assert tables["posts"][0] == rows(SUBJECTS[0])["posts"][0]
    for table in ("site_items", "site_messages", "site_services", "account_menus"):
        assert tables[table][0] == rows(SUBJECTS[0])[table][0]
    land_shard(settings.landing, "2021Q1", "r1", "douyin", tables)
    landed = pq.ParquetFile(landed_file(settings.landing, "captures", "2021Q1", "r1", "douyin")).read()
    assert landed.to_pylist() == tables["captures"]
    spool.remove()
    assert looks_done(settings, "r1", SHARD) == 0


def test_half_a_file_is_no_look(settings: Settings, tmp_path: Path) -> None:
    spool = Spool(settings, "r1", SHARD)
    spool.add("douyin:u0", 1, rows(SUBJECTS[0]))
    file = next((settings.runs / "r1" / "douyin").glob("*.json"))
    file.rename(file.with_name(f".{file.name}.123.tmp"))  # as a killed process leaves it
    assert spool.outcome("douyin:u0", 1) is None and spool.rows()["captures"] == []
    assert looks_done(settings, "r1", SHARD) == 0
