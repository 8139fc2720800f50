"""Ledgers (posts, captures, site items) are written again only for whom something was loaded."""

from datetime import timedelta

import duckdb
from landed import AFTER_T, PERIOD, T, Timeline

from settings import Settings
from warehouse import build, load


def ask(settings: Settings, query: str) -> list[tuple]:
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        return connection.execute(query).fetchall()


def posts(settings: Settings) -> dict[str, int]:
    return dict(ask(settings, "select subject_id, count(*) from marts.fct_posts group by all"))


def forget(settings: Settings, subject_id: str) -> None:
    """Take a subject's rows out of the ledger: it shows whether the next build works it out again."""
    with duckdb.connect(str(settings.warehouse_file)) as connection:
        connection.execute("delete from marts.fct_posts where subject_id = ?", [subject_id])


def test_who_has_nothing_new_is_left_alone_and_a_replaced_file_concerns_everybody(tmp_path):
    settings = Settings(data=tmp_path)
    timeline = Timeline(settings.landing, indicators=("M2",))
    for uid in ("10001", "10002"):
        timeline.look_at_account(timeline.account(uid), [T])
    timeline.land_registry()
    timeline.land("s1")
    load(settings)
    build(settings, PERIOD)
    assert posts(settings) == {"weibo:10001": 1, "weibo:10002": 1}

    forget(settings, "weibo:10002")
    timeline.run_id = "r2"
    timeline.look_at_account("weibo:10001", [T, AFTER_T], at=AFTER_T + timedelta(days=1))
    timeline.land("s2")
    load(settings)
    build(settings, PERIOD)
    assert posts(settings) == {"weibo:10001": 2}
    seen = "select min(first_seen_at), max(last_seen_at) from marts.fct_posts where post_id like '%235959'"
    assert ask(settings, seen) == [(AFTER_T, AFTER_T + timedelta(days=1))]
    looks = "select subject_id, count(*) from marts.fct_captures group by all order by all"
    assert ask(settings, looks) == [("weibo:10001", 2), ("weibo:10002", 1)]

    # s1 now holds the second account alone: the first's look of r1 is gone from the ledger too.
    timeline.run_id = "r1"
    timeline.look_at_account("weibo:10002", [T, AFTER_T])
    timeline.land("s1")
    assert load(settings).replaced == 2
    build(settings, PERIOD)
    assert posts(settings) == {"weibo:10001": 2, "weibo:10002": 2}
    assert ask(settings, looks) == [("weibo:10001", 1), ("weibo:10002", 1)]


def test_a_late_reading_of_an_old_look_takes_its_place(tmp_path):
    settings = Settings(data=tmp_path)
    timeline = Timeline(settings.landing, indicators=("M2",))
    timeline.look_at_account(timeline.account("10001"), [T, AFTER_T])
    captured = timeline.rows["captures"][0]
    timeline.land_registry()
    timeline.land()
    load(settings)
    build(settings, PERIOD)
    assert posts(settings) == {"weibo:10001": 2}

    timeline.run_id, timeline.version = "r2", "2026.11.2"
    timeline.look_at_account("weibo:10001", [T], evidence_sha256=captured["evidence_sha256"])
    timeline.land()
    load(settings)
    build(settings, PERIOD)
    assert posts(settings) == {"weibo:10001": 1}
    current = "select run_id, is_current from marts.fct_captures order by run_id"
    assert ask(settings, current) == [("r1", False), ("r2", True)]
