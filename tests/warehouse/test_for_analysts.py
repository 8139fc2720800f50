"""What analysts are given keeps up with the tables: dictionary, cookbook, notebook, dbt's pages."""

import json
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from settings import PROJECT, Settings
from warehouse import publish
from warehouse.docs import DICTIONARY, dictionary, write_docs

QUESTION = re.compile(r"^## (.+?)\n+```sql\n(.+?)```", re.DOTALL | re.MULTILINE)
COOKBOOK = QUESTION.findall((PROJECT / "docs" / "sql-cookbook.md").read_text("utf-8"))


@pytest.fixture(scope="module")
def published(built_city: Settings, tmp_path_factory) -> Settings:
    settings = Settings(data=tmp_path_factory.mktemp("published"))
    settings.warehouse_file.parent.mkdir(parents=True)
    settings.warehouse_file.write_bytes(built_city.warehouse_file.read_bytes())
    publish(settings, "2021Q1")
    return settings


def test_the_dictionary_is_that_of_the_models(built_city):
    manifest = json.loads((built_city.root / "warehouse" / "target" / "manifest.json").read_text("utf-8"))
    assert DICTIONARY.read_text("utf-8") == dictionary(manifest), (
        "请运行 xunjian docs 并更新 docs/data-dictionary.md"
    )


def test_the_dictionary_has_every_published_column(published):
    words = DICTIONARY.read_text("utf-8")
    with duckdb.connect(str(published.published_file), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where not internal"
        ).fetchall()
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", words, re.DOTALL | re.MULTILINE))
    assert [(table, name) for table, name in columns if f"| {name} |" not in sections.get(table, "")] == []


def test_the_cookbook_has_enough_questions():
    assert len(COOKBOOK) >= 12


@pytest.mark.parametrize(("question", "query"), COOKBOOK, ids=[question[:6] for question, _ in COOKBOOK])
def test_a_query_of_the_cookbook_gives_rows(published, question, query):
    with duckdb.connect(str(published.published_file), read_only=True) as connection:
        assert connection.execute(query).fetchall(), question


def test_the_notebook_answers_all_its_questions(published):
    done = subprocess.run(
        [sys.executable, str(PROJECT / "notebooks" / "quarter.py")],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(PROJECT), "XUNJIAN_DATA": str(published.root)},
        capture_output=True, text=True, check=False, cwd=PROJECT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_dbt_pages_are_one_file_that_asks_the_network_for_nothing(own_city):
    page, words = write_docs(own_city, "2021Q1")
    content = page.read_text("utf-8")
    assert "dim_subject_history" in content
    assert not re.search(r'<(?:link|script|img)[^>]+(?:href|src)="(?:https?:)?//', content)
    assert words.read_text("utf-8").startswith("# 数据字典")
    assert not list(Path(page.parent).glob(".*"))
