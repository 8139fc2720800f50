import subprocess
import sys

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from landed import AFTER_T, PERIOD, T, Timeline

from errors import UserError
from extractors.landing import ALL_SCHEMAS, landed_file
from settings import Settings
from warehouse import load


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def timeline(settings) -> Timeline:
    timeline = Timeline(settings.landing)
    timeline.look_at_account(timeline.account("10001"), [T])
    timeline.land_registry()
    timeline.land()
    return timeline


def ask(settings: Settings, query: str) -> list[tuple]:
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_every_raw_table_exists_when_nothing_has_landed(settings):
    load(settings)
    found = {
        name for (name,) in ask(settings, "select table_name from duckdb_tables() where schema_name = 'raw'")
    }
    assert found == {*ALL_SCHEMAS, "_loaded_files", "_ledgers"}


def test_loading_twice_changes_nothing(settings, timeline):
    first = load(settings)
    everything = "select * from raw.{} order by all"
    before = {table: ask(settings, everything.format(table)) for table in [*ALL_SCHEMAS, "_loaded_files"]}
    second = load(settings)
    landed = len(list(settings.landing.rglob("*.parquet")))
    assert (first.loaded, first.rows["posts"]) == (landed, 1)
    assert (second.loaded, second.unchanged) == (0, landed)
    assert before == {table: ask(settings, everything.format(table)) for table in before}


def test_rows_say_which_file_they_come_from(settings, timeline):
    load(settings)
    ((file, loaded),) = ask(settings, "select _file, _loaded_at is not null from raw.posts")
    assert file == f"posts/period={PERIOD}/run=r1/shard=s1.parquet"
    assert loaded


def test_half_a_shard_waits(settings, timeline):
    timeline.look_at_account("weibo:10001", [T, AFTER_T])
    timeline.land("s2")
    mark = landed_file(settings.landing, "captures", PERIOD, "r1", "s2")
    kept = mark.read_bytes()
    mark.unlink()
    assert load(settings).unfinished == [f"period={PERIOD}/run=r1/shard=s2.parquet"]
    assert ask(settings, "select count(*) from raw.posts") == [(1,)]
    mark.write_bytes(kept)
    assert load(settings).unfinished == []
    assert ask(settings, "select count(*) from raw.posts") == [(3,)]


def test_half_a_registry_waits(settings, timeline):
    landed_file(
        settings.landing, "registry_plan", PERIOD, "20210401T000000000000Z-aaaaaaaaaaaa", "all"
    ).unlink()
    load(settings)
    assert ask(settings, "select count(*) from raw.registry_accounts") == [(0,)]


def test_a_changed_file_replaces_its_rows(settings, timeline):
    load(settings)
    timeline.look_at_account("weibo:10001", [T, AFTER_T])
    timeline.land("s1")
    summary = load(settings)
    assert (summary.loaded, summary.replaced) == (2, 2)  # posts and captures; the rest is as it was
    assert ask(settings, "select count(*), count(distinct _file) from raw.posts") == [(2, 1)]


def test_a_later_column_appears(settings, timeline):
    load(settings)
    timeline.run_id = "r2"
    timeline.look_at_account("weibo:10001", [AFTER_T])
    timeline.land()
    path = landed_file(settings.landing, "posts", PERIOD, "r2", "s1")
    table = pq.read_table(path, partitioning=None)
    pq.write_table(table.append_column("likes", pa.array([7], pa.int64())), path)
    load(settings)
    assert ask(settings, "select likes from raw.posts order by published_at") == [(None,), (7,)]


def test_what_was_landed_before_a_column_was_added_has_no_value_there(settings, timeline):
    path = landed_file(
        settings.landing, "registry_plan", PERIOD, "20210401T000000000000Z-aaaaaaaaaaaa", "all"
    )
    table = pq.read_table(path, partitioning=None)
    pq.write_table(table.drop_columns(["canary_hours"]), path)
    load(settings)
    assert ask(settings, "select rule_set, canary_hours from raw.registry_plan") == [("national-2019", None)]


def test_a_broken_file_is_named_and_its_shard_stays_out_whole(settings, timeline):
    timeline.look_at_account("weibo:10001", [T, AFTER_T])
    timeline.land("s2")
    landed_file(settings.landing, "captures", PERIOD, "r1", "s2").write_bytes(b"not parquet")
    with pytest.raises(UserError, match=r"captures/period=2021Q1/run=r1/shard=s2\.parquet"):
        load(settings)
    assert ask(settings, "select count(*) from raw.posts where _file like '%s2%'") == [(0,)]


def test_a_file_held_by_a_stranger_is_said_in_one_line(settings, timeline, tmp_path):
    load(settings)
    holder = subprocess.Popen(
        [
            sys.executable, "-c",
            "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); input()",
            str(settings.warehouse_file),
        ],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(UserError, match="打不开仓库文件") as error:
            load(settings)
        assert "\n" not in str(error.value)
    finally:
        holder.communicate()
