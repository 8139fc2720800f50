"""The whole job, as `make demo` does it: real scheduler, real DAGs, real replica, real Chromium.

On a small scenario cut from the Zhanjiang one: 12 accounts on four platforms, 3 websites. One account shows
a captcha; of another, one timestamp is moved to the very edge of the window, which is outside; a third has
filed maintenance. Meanwhile somebody tries the door in Airflow's menu, and a run breaks.
"""

import csv
import os
import shutil
import sqlite3
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from threading import Timer

import duckdb
import psutil
import pytest
import yaml
from visitor import DOOR, HIDDEN, Visitor
from webhook_sink import Sink, webhook_sink

from deploy.processes import MARK
from settings import PROJECT

pytestmark = pytest.mark.e2e

ZHANJIANG = PROJECT / "replica" / "scenarios" / "zhanjiang_2021q1"
# The circular's six, and as many more: three accounts of every platform.
FAILING = {"湛江市e警通", "湛江霞山交警", "湛江交警", "湛江市赤坎区应急管理局", "麻章风采", "平安徐闻"}
EXACTLY_TWO_WEEKS_BEFORE = "2021-03-17T23:59:59+08:00"
OTHERS = {"douyin": 1, "kuaishou": 2, "wechat": 1, "weibo": 2}
IN_MAINTENANCE = "平安徐闻"
SITES = {"坡头区政府网": "fail", "湛江市人民政府地方志办公室": "fail", "赤坎区政府网（合成）": "pass"}


def _rows(table: str) -> list[dict[str, str]]:
    with (ZHANJIANG / "registry" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _write(folder: Path, table: str, rows: list[dict[str, str]]) -> None:
    with (folder / "registry" / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(_rows(table)[0]))
        writer.writeheader()
        writer.writerows(rows)


def _some_accounts() -> list[dict[str, str]]:
    wanted, chosen = dict(OTHERS), []
    for row in _rows("accounts"):
        if row["account_name"] in FAILING:
            chosen.append(row)
        elif wanted[row["platform"]]:
            wanted[row["platform"]] -= 1
            chosen.append(row)
    return chosen


@pytest.fixture
def small_scenario(tmp_path: Path) -> tuple[Path, str, str]:
    """The scenario's directory, the id of the account that shows a captcha, the name of the moved one."""
    folder = tmp_path / "small"
    shutil.copytree(ZHANJIANG, folder)
    accounts = _some_accounts()
    websites = [row for row in _rows("websites") if row["site_name"] in SITES]
    codes = {row["site_code"] for row in websites}
    ids = codes | {f"{row['platform']}:{row['platform_uid']}" for row in accounts}
    _write(folder, "accounts", accounts)
    _write(folder, "websites", websites)
    for table in ("columns", "manual_scores"):
        _write(folder, table, [row for row in _rows(table) if row["site_code"] in codes])
    _write(folder, "manual_findings", [row for row in _rows("manual_findings") if row["subject_id"] in ids])

    (quiet,) = (row for row in accounts if row["account_name"] == IN_MAINTENANCE)
    (folder / "registry" / "quiet_periods.csv").write_text(
        f"scope,from,to,reason\n{quiet['platform']}:{quiet['platform_uid']},2021-03-29,2021-04-02,系统维护\n",
        "utf-8",
    )

    names = {row["account_name"] for row in [*accounts, *_rows("canaries")]}
    hidden = next(r for r in accounts if r["platform"] == "weibo" and r["account_name"] not in FAILING)
    hidden_id = f"weibo:{hidden['platform_uid']}"
    script = yaml.safe_load((folder / "scenario.yml").read_text(encoding="utf-8"))
    script["accounts"] = {name: said for name, said in script["accounts"].items() if name in names}
    script["websites"] = {name: said for name, said in script["websites"].items() if name in SITES}
    script["states"] = {hidden_id: "captcha"}
    moved = next(r for r in accounts if r["platform"] == "douyin" and r["account_name"] not in FAILING)
    script["accounts"][moved["account_name"]] = {"latest": EXACTLY_TWO_WEEKS_BEFORE, "pinned": []}
    (folder / "scenario.yml").write_text(yaml.safe_dump(script, allow_unicode=True), encoding="utf-8")
    return folder, hidden_id, moved["account_name"]


def _left_behind(data: Path) -> list[str]:
    """Processes that still have this data directory in their environment or command line."""
    left = []
    for process in psutil.process_iter():
        try:
            environment = process.environ()
            words = [environment.get(MARK, ""), environment.get("XUNJIAN_DATA", ""), *process.cmdline()]
        except psutil.Error:  # a zombie, too, has neither
            continue
        if process.pid != os.getpid() and any(str(data) in word for word in words):
            left.append(f"{process.pid} {' '.join(process.cmdline())}")
    return left


def _demonstrate(scenario: Path, data: Path, sink: Sink) -> Visitor:
    """Run the demonstration to its end, everybody's messages going to ``sink``; returns who came by."""
    organisers = {row["organiser"] for table in ("accounts", "websites") for row in _rows(table)}
    contacts = data.with_name("contacts.yml")
    contacts.write_text(yaml.safe_dump(dict.fromkeys(organisers, f"{sink.apprise}/organisers")), "utf-8")
    contacts.chmod(0o600)
    environment = {
        **os.environ,
        "XUNJIAN_DATA": str(data),
        "XUNJIAN_ALERT_ONCALL": f"{sink.apprise}/oncall",
        "XUNJIAN_ALERT_CONTACTS": str(contacts),
    }
    said = data.with_name("said.txt")
    with said.open("w") as output:
        demo = subprocess.Popen(
            [sys.executable, "-m", "deploy.local", "demo", "--scenario", str(scenario)],
            cwd=PROJECT, env=environment, stdout=output, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        visitor = Visitor(demo, data)
        # Whoever visits waits for as long as the demonstration lives: one that hangs must not live for ever.
        watchdog = Timer(900, demo.terminate)
        watchdog.start()
        try:
            visitor.visit()
            status = demo.wait()
        finally:
            watchdog.cancel()
            demo.terminate()
            demo.wait(timeout=60)
    assert status == 0, said.read_text()
    return visitor


def test_from_the_registry_to_the_circular(small_scenario: tuple[Path, str, str], tmp_path: Path) -> None:
    scenario, hidden, moved = small_scenario
    data = tmp_path / "data"
    with webhook_sink() as sink:
        visitor = _demonstrate(scenario, data, sink)
    assert _left_behind(data) == []

    with sqlite3.connect(data / "airflow" / "airflow.db") as metadata:
        runs = metadata.execute("select dag_id, run_type, state from dag_run order by dag_id").fetchall()
        events = metadata.execute("select source_dag_id, extra from asset_event order by id").fetchall()
        shards = metadata.execute(
            "select rendered_map_index, start_date, end_date from task_instance"
            " where dag_id = 'capture' and task_id = 'capture'"
        ).fetchall()
    # One landing woke one assessment, which woke one circular and the warnings; no schedule joined in.
    assert sorted(runs) == [
        ("assess", "asset_triggered", "success"),
        ("capture", "manual", "success"),
        ("circular", "asset_triggered", "success"),
        ("circular", "manual", "failed"),
        # Switched on, the schedule's own first round; it woke no assessment.
        ("probe", "scheduled", "success"),
        ("warnings", "asset_triggered", "success"),
    ]
    assert events == [("capture", '{"period": "2021Q1"}'), ("assess", '{"period": "2021Q1"}')]
    # Two browsers worked at the same time, never three: the pool has two slots.
    assert {name for name, _, _ in shards} == {"douyin", "kuaishou", "wechat", "weibo", "websites-001"}
    times = [(start, end) for _, start, end in shards]
    assert any(max(a[0], b[0]) < min(a[1], b[1]) for a, b in combinations(times, 2))
    assert not any(max(a[0], b[0], c[0]) < min(a[1], b[1], c[1]) for a, b, c in combinations(times, 3))

    visited = duckdb.sql(
        f"select target_kind, count(distinct url), bool_and(opened)"
        f" from read_parquet('{data}/landing/probes/period=2021Q1/*/*.parquet') group by all order by all"
    ).fetchall()
    # Every site once, and before and after them the control targets.
    assert visited == [("control", 3, True), ("site", 3, True)]

    with duckdb.connect(str(data / "published" / "compliance.duckdb"), read_only=True) as published:
        verdicts = dict(published.execute("select subject_name, verdict from marts.fct_verdicts").fetchall())
        hidden_verdict = published.execute(
            "select verdict from marts.fct_verdicts where subject_id = ?", [hidden]
        ).fetchone()
        outcomes = published.execute(
            "select distinct outcome from marts.fct_captures where subject_id = ?", [hidden]
        ).fetchall()
        rates = published.execute(
            "select subject_kind, checked, passed, undetermined, status"
            " from marts.fct_quarterly_pass_rates where breakdown = 'all' order by subject_kind"
        ).fetchall()
    assert {
        name for name, verdict in verdicts.items() if verdict == "fail" and name not in SITES
    } == FAILING | {moved}
    assert {name: verdicts[name] for name in SITES} == SITES
    # A page that could not be read is never an idle account.
    assert outcomes == [("captcha",)]
    assert hidden_verdict == ("undetermined",)
    assert rates == [("account", 11, 4, 1, "provisional"), ("website", 3, 1, 0, "final")]
    _check_who_was_told(data, sink, hidden, moved)
    # The door: nothing without a login, never anything but what is shown.
    assert set(visitor.stranger.values()) == {401}
    assert visitor.member == dict.fromkeys(HIDDEN, 404) | {DOOR: 200}
    assert "巡检" in visitor.front_page and "2021Q1" in visitor.front_page
    written = {path.name for path in (data / "reports" / "2021Q1").iterdir()}
    assert written >= {"circular.html", "circular.md", "annex1_websites.csv", "annex2_accounts.csv"}


def _check_who_was_told(data: Path, sink: Sink, hidden: str, moved: str) -> None:
    """One message to whoever is on call; to organisers one a warning, but none in filed maintenance."""
    assert sink.titles("/oncall") == ["巡检：circular 运行中断"]  # two of its steps failed
    with duckdb.connect(str(data / "published" / "compliance.duckdb"), read_only=True) as published:
        due = published.execute(
            "select subject_id, subject_name, level_name from marts.fct_early_warnings where is_complete"
        ).fetchall()
    assert hidden not in {subject for subject, _, _ in due}  # not seen is not idle
    warned = sorted(title for title in sink.titles("/organisers") if title.startswith("巡检预警："))
    assert warned == sorted(f"巡检预警：{name} {level}" for _, name, level in due if name != IN_MAINTENANCE)
    assert IN_MAINTENANCE in {name for _, name, _ in due}
    assert {f"巡检预警：{name} 已超期" for name in ("湛江市e警通", "湛江霞山交警", moved)} <= set(warned)
    assert sum(title.endswith("个问题") for title in sink.titles("/organisers")) >= 5  # the findings, once
