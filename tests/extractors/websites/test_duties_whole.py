"""Two visits in a real browser, assessed: which suspicions are raised and which are not, what reviewers make
of them, and what W5 and W6 say. The sites are written down in ``duty_sites``."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from duty_sites import FIRST, HOST, SECOND, SITES, pages, write_registry
from site_web import Answer, SiteWeb, site_web
from typer.testing import CliRunner

from extractors.capture import run_shard
from extractors.registry import read_registry
from extractors.registry.snapshot import land_snapshot
from reports.suspicions import read_suspicions
from settings import Settings, get_settings
from warehouse import build, load, publish
from xunjian import app

pytestmark = pytest.mark.browser

# Every forged date of the scenario by kind; whatever else is raised would be an innocent.
TRUE = {
    ("late", "late1"), ("late", "late2"), ("late", "late3"), ("date_changed", "changed"),
    ("list_vs_article", "differs"), ("before_document", "early"), ("repost", "again"),
    ("title_mismatch", "beside"), ("burst", "要闻"),
}  # fmt: skip


@pytest.fixture(scope="module")
def web() -> Iterator[SiteWeb]:
    with site_web() as web:
        yield web


@pytest.fixture(scope="module")
def visited(web: SiteWeb, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Path]:
    root = tmp_path_factory.mktemp("duties")
    settings = Settings(
        data=root / "data", proxy=web.proxy, pace_seconds=0, page_seconds=15,
        articles_per_column=20, guides_per_site=20, shard_size=24,
    )  # fmt: skip
    write_registry(root / "registry")
    registry = read_registry(root / "registry")
    for run_id, second in (("r1", False), ("r2", True)):
        web.date = SECOND if second else FIRST
        web.answers = {
            key: Answer(told) if isinstance(told, str) else Answer(status=told)
            for key, told in pages(second=second).items()
        }
        web.asked.clear()
        assert run_shard(registry, settings, run_id, "websites-001") == 0
    assess(settings, root / "registry")
    return settings, root / "registry"


def assess(settings: Settings, folder: Path) -> None:
    land_snapshot(read_registry(folder), settings)
    load(settings)
    build(settings, "2021Q1")
    publish(settings, "2021Q1")


def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(settings.published_file), read_only=True) as connection:
        return connection.execute(query).fetchall()


def named(row: tuple[object, ...]) -> tuple[object, object]:
    kind, url, title = row
    return kind, title if kind == "burst" else str(url).partition("post_")[2].removesuffix(".html")


def test_every_forged_date_is_suspected_and_no_innocent(visited: tuple[Settings, Path]) -> None:
    settings, _ = visited
    found = rows(
        settings,
        "select kind, url, title, first_evidence_sha256, second_evidence_sha256, status "
        "from marts.fct_suspicions",
    )
    assert {named(row[:3]) for row in found} == TRUE
    assert len(found) == len(TRUE)
    assert {row[5] for row in found} == {"open"}
    for row in found:
        assert row[3] and row[4] and row[3] != row[4]
    said = dict(
        rows(settings, "select kind, what_zh from marts.fct_suspicions where kind in ('burst', 'repost')")
    )
    assert "一次多出 4 条" in said["burst"]
    assert "《旧稿最初的标题》" in said["repost"]


def test_public_duties(visited: tuple[Settings, Path]) -> None:
    settings, _ = visited
    checks = {
        (code, subject): (status, reason)
        for code, subject, status, reason in rows(
            settings, "select indicator_code, subject_id, status, reason from marts.fct_checks"
        )
    }
    statuses = {key: status for key, (status, _) in checks.items() if key[0] != "W1"}
    expected = {
        "W5": ["undetermined", "fail", "pass", "fail", "undetermined"],
        "W6": ["undetermined", "fail", "pass", "undetermined", "fail"],
    }
    assert statuses == {
        (code, site): status
        for code, told in expected.items()
        for site, status in zip(SITES, told, strict=True)
    }
    assert checks["W5", "4499990004"][1] == "未提供咨询建言渠道：只有信访、举报等专门渠道"
    assert "没有公开的留言列表，请复核人" in checks["W5", "4499990005"][1]
    assert "办事服务在别的主机上：www.gdzwfw.gov.cn" in checks["W6", "4499990004"][1]
    assert {status for (code, _), (status, _) in checks.items() if code == "W1"} == {"pass"}


def test_no_page_is_asked_for_twice(visited: tuple[Settings, Path], web: SiteWeb) -> None:
    asked = Counter({key: count for key, count in web.asked.items() if key.startswith(HOST)})
    assert max(asked.values()) == 1, "no page twice"
    assert "www.gdzwfw.gov.cn" not in {key.partition("/")[0] for key in web.asked}


def test_a_daily_look_opens_home_and_columns_only(
    visited: tuple[Settings, Path], web: SiteWeb, tmp_path: Path
) -> None:
    settings, folder = visited
    daily = settings.model_copy(update={"data": tmp_path, "articles_per_column": 0, "guides_per_site": 0})
    web.asked.clear()
    assert run_shard(read_registry(folder), daily, "daily", "websites-001") == 0
    # The browser asks for a site's icon by itself, now and then.
    asked = {key: count for key, count in web.asked.items() if not key.endswith("/favicon.ico")}
    assert sum(asked.values()) == len(SITES) + 10 - 1, "home pages and columns, but the one elsewhere"


def test_what_a_reviewer_decides(visited: tuple[Settings, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    settings, folder = visited
    listed = read_suspicions(settings, "2021Q1")
    by_kind = {row["kind_name"]: row["suspicion_id"] for row in listed}
    # Two checks of each duty are open (test_public_duties); of each one a person finds fine, the other not.
    of_check = {(row["kind_name"][:2], row["id"]): row["suspicion_id"] for row in listed}
    reviews = (
        f"{of_check['W5', '4499990001']},cleared,已调取全部留言,乙,2021-04-02,2021-06-30\n"
        f"{of_check['W5', '4499990005']},confirmed,三条留言半年未回,乙,2021-04-02,2021-06-30\n"
        f"{of_check['W6', '4499990001']},cleared,逐个打开看过,乙,2021-03-01,2021-03-30\n"
        f"{by_kind['发布日期被改过']},confirmed,查实为掩盖未更新,甲,2021-04-02,\n"
        f"{by_kind['文不对题']},cleared,列表用错标题已更正,甲,2021-04-02,2999-12-31\n"
        f"{by_kind['旧稿重发']},cleared,例行公告,甲,2021-04-02,2021-04-03\n"
    )
    write_registry(folder, reviews)
    assess(settings, folder)
    status = dict(rows(settings, "select kind, status from marts.fct_suspicions where kind <> 'late'"))
    assert (status["date_changed"], status["title_mismatch"], status["repost"]) == (
        "confirmed", "cleared", "expired",
    )  # fmt: skip
    [finding] = rows(
        settings,
        "select subject_id, problem, reviewer, evidence_sha256, second_evidence_sha256 "
        "from marts.fct_findings where indicator_code = 'W1'",
    )
    assert finding[:3] == ("4499990001", "存在弄虚作假行为（伪造发稿日期）", "甲")
    assert finding[3] != finding[4] and len(str(finding[3])) == len(str(finding[4])) == 64

    answered = rows(
        settings,
        "select indicator_code, subject_id, status, problem, reason, reviewer from marts.fct_checks "
        "where subject_id in ('4499990001', '4499990005') and indicator_code in ('W5', 'W6') order by all",
    )
    assert answered[:2] == [
        ("W5", "4499990001", "pass", None, "复核人核实没有问题：已调取全部留言", "乙"),
        ("W5", "4499990005", "fail", "互动回应差", "复核人核实确有问题：三条留言半年未回", "乙"),
    ]
    assert answered[2][1:4] == ("4499990001", "undetermined", None), "it expired before the monitoring point"

    monkeypatch.setenv("XUNJIAN_DATA", str(settings.root))
    get_settings.cache_clear()
    run = CliRunner()
    text = run.invoke(app, ["suspicions", "--period", "2021Q1"]).stdout
    assert "共 9 条，待复核 9 条" in text
    assert "文不对题" not in text and "排除已到期：甲，例行公告，有效期至 2021-04-03" in text
    listed = run.invoke(app, ["suspicions", "--period", "2021Q1", "--all", "--output", "csv"]).stdout
    table = list(csv.DictReader(listed.removeprefix("\ufeff").splitlines()))
    assert Counter(row["状态"] for row in table) == {"待复核": 7, "属实": 2, "排除": 2, "排除已到期": 2}
