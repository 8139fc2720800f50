"""What the quarterly look at closed accounts proves about the registry."""

from datetime import date, timedelta

import duckdb
from landed import PERIOD, T, Timeline, sha

from settings import Settings
from warehouse import build, load


def test_a_closing_is_proved_by_a_look_and_touches_no_rate(tmp_path):
    settings = Settings(data=tmp_path)
    city = Timeline(settings.landing, indicators=("M2",))
    city.look_at_account(city.account("10001", organiser="甲局"), [T])
    looks = {}
    for uid, outcome, posts in (
        ("10002", "account_gone", []),
        ("10003", "ok_complete", [T - timedelta(days=1)]),
        ("10004", "captcha", []),
    ):
        closed = city.account(
            uid,
            status="closed",
            closed_on=date(2021, 2, 1),
            organiser=f"{uid}局",
            account_name=f"合成{uid}号",
        )
        looks[closed] = city.look_at_account(closed, posts, outcome, kind="closed")
    city.land_registry()
    city.land()
    load(settings)
    build(settings, PERIOD)
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        found = connection.execute(
            "select kind, subject_id, what_zh, evidence_sha256 from marts.fct_registry_findings "
            "where kind in ('closed_but_alive', 'closing_unseen') order by all"
        ).fetchall()
        rates = connection.execute(
            "select registered, checked, pass_rate_text from marts.fct_quarterly_pass_rates "
            "where breakdown = 'all' and subject_kind = 'account'"
        ).fetchall()
    assert found == [
        (
            "closed_but_alive", "weibo:10003",
            "台账登记2021-02-01 已关停，此后仍有 1 条发布，最近一条 2021-03-30 23:59",
            sha(looks["weibo:10003"]),
        ),
        (
            "closing_unseen", "weibo:10004",
            "台账登记2021-02-01 已关停，此后查看的结果是“出现验证码”，不能证明平台已注销",
            sha(looks["weibo:10004"]),
        ),
    ]  # fmt: skip
    assert rates == [(1, 1, "100%")]
