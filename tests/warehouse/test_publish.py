"""Readers of the published file never notice a publish, not even one that dies."""

import hashlib
import json
import re
import subprocess
import sys

import duckdb
import pytest

from errors import UserError
from settings import PROJECT, Settings
from warehouse import publish

CJK = re.compile(r"[\u4e00-\u9fff]")

# Publishes, and is killed by the kernel right after the named step.
DIES_AFTER = """
import os, signal, sys
from settings import Settings
from warehouse import publish
module = sys.modules["warehouse.publish"]
step = getattr(module, sys.argv[2])
def and_die(*arguments):
    step(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(module, sys.argv[2], and_die)
module.publish(Settings(data=sys.argv[1]), "2021Q1")
"""

READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
for _ in sys.stdin:
    print(connection.execute("select count(*) from marts.fct_checks").fetchone()[0], flush=True)
"""


def sha256(settings: Settings) -> str:
    return hashlib.sha256(settings.published_file.read_bytes()).hexdigest()


def test_every_published_table_and_column_says_in_chinese_what_it_is(own_city):
    publish(own_city, "2021Q1")
    with duckdb.connect(str(own_city.published_file), read_only=True) as connection:
        tables = connection.execute(
            "select table_name, comment from duckdb_tables() where not internal"
        ).fetchall()
        columns = connection.execute(
            "select table_name || '.' || column_name, comment from duckdb_columns() where not internal"
        ).fetchall()
        schemas = connection.execute(
            "select distinct schema_name from duckdb_tables() where not internal"
        ).fetchall()
    assert schemas == [("marts",)]
    marts = {path.stem for path in (PROJECT / "dbt_project" / "models" / "marts").glob("*.sql")}
    assert {name for name, _ in tables} == marts
    assert [name for name, comment in tables + columns if not CJK.search(comment or "")] == []


def test_the_manifest_says_what_was_published(own_city):
    manifest = publish(own_city, "2021Q1", warnings=["新媒体有 2 个未能判定"])
    written = json.loads((own_city.published / "manifest.json").read_text("utf-8"))
    assert written == manifest.model_dump(mode="json")
    assert written["sha256"] == sha256(own_city)
    assert written["periods"] == ["2021Q1"]
    assert written["duckdb_version"] == duckdb.__version__
    assert written["row_counts"]["fct_quarterly_pass_rates"] > 2
    assert written["rule_sets"] == {"2021Q1": "national-2019"}
    assert [rate["pass_rate_text"] for rate in written["rates"]] == ["50%", "17%"]
    assert written["quality"] == {"status": "warning", "warnings": ["新媒体有 2 个未能判定"]}
    assert own_city.published_file.stat().st_mode & 0o777 == 0o444
    assert {path.name for path in own_city.published.iterdir()} == {
        "compliance.duckdb",
        "manifest.json",
        "releases",
    }


def test_only_so_many_releases_are_kept(own_city):
    few = own_city.model_copy(update={"keep_releases": 2})
    manifests = [publish(few, "2021Q1") for _ in range(3)]
    releases = sorted((few.published / "releases").iterdir())
    assert len(releases) == 2
    last = json.loads((releases[-1] / "manifest.json").read_text("utf-8"))
    assert last["created_at"] == manifests[-1].model_dump(mode="json")["created_at"]
    assert (releases[-1] / "compliance.duckdb").read_bytes() == few.published_file.read_bytes()


def test_a_reader_keeps_the_file_it_opened(own_city):
    publish(own_city, "2021Q1")
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(own_city.published_file)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip

    def read() -> int:
        reader.stdin.write("\n")
        reader.stdin.flush()
        return int(reader.stdout.readline())

    try:
        before = read()
        with duckdb.connect(str(own_city.warehouse_file)) as connection:
            connection.execute("delete from marts.fct_checks where indicator_code = 'M1'")
        publish(own_city, "2021Q1")
        assert read() == before
        with duckdb.connect(str(own_city.published_file), read_only=True) as connection:
            (now,) = connection.execute("select count(*) from marts.fct_checks").fetchone()
        assert now < before
    finally:
        reader.communicate()


@pytest.mark.parametrize("step", ["_copy_marts", "_try_out", "_sync", "_keep_release"])
def test_a_publish_that_dies_leaves_the_old_file(own_city, step):
    publish(own_city, "2021Q1")
    old = sha256(own_city)
    with duckdb.connect(str(own_city.warehouse_file)) as connection:
        connection.execute("delete from marts.fct_checks where indicator_code = 'M1'")
    done = subprocess.run(
        [sys.executable, "-c", DIES_AFTER, str(own_city.root), step], cwd=PROJECT, check=False
    )
    assert done.returncode == -9
    assert sha256(own_city) == old
    assert json.loads((own_city.published / "manifest.json").read_text("utf-8"))["sha256"] == old

    publish(own_city, "2021Q1")  # and the next one clears up
    assert sha256(own_city) != old
    assert not list(own_city.published.glob(".*"))


def test_what_has_not_been_built_is_not_published(own_city):
    publish(own_city, "2021Q1")
    old = sha256(own_city)
    with pytest.raises(UserError, match="没有 2021Q2 的合格率"):
        publish(own_city, "2021Q2")
    assert sha256(own_city) == old
    assert not list(own_city.published.glob(".*"))


def test_nothing_at_all(tmp_path):
    with pytest.raises(UserError, match="还没有仓库文件"):
        publish(Settings(data=tmp_path), "2021Q1")
