"""The rules and the models themselves: dbt's unit tests, and seeds that must agree with the code."""

import csv
import json
from pathlib import Path

from extractors.outcomes import MEANING, OK
from extractors.registry.tables import platform, site_class
from warehouse.build import DBT_PROJECT, run_dbt
from warehouse.lock import warehouse_lock


def seed(name: str) -> list[dict[str, str]]:
    with (DBT_PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_unit_tests_of_models(own_city):
    with warehouse_lock(own_city, "单元测试"):
        run_dbt(own_city, ["2021Q1"], "test", "--select", "test_type:unit")
    results = json.loads(Path(own_city.root / "warehouse" / "target" / "run_results.json").read_text("utf-8"))
    assert len(results["results"]) >= 28


def test_every_model_is_described_in_chinese(built_city):
    manifest = json.loads((built_city.root / "warehouse" / "target" / "manifest.json").read_text("utf-8"))
    undescribed = [
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] in {"model", "seed"} and not node["description"]
    ]
    assert undescribed == []


def test_outcomes_are_those_of_the_extractors():
    expected = [(str(code), zh, advice, str(code in OK).lower()) for code, (zh, advice) in MEANING.items()]
    found = [(row["code"], row["name_zh"], row["advice"], row["is_ok"]) for row in seed("outcomes")]
    assert found == expected
    assert [int(row["rank"]) for row in seed("outcomes")] == list(range(1, len(MEANING) + 1))


def test_platforms_and_site_classes_are_those_of_the_registry():
    assert [platform(row["annex_name"]) for row in seed("platforms")] == [
        row["code"] for row in seed("platforms")
    ]
    assert [site_class(row["name_zh"]) for row in seed("site_classes")] == [
        row["code"] for row in seed("site_classes")
    ]


def test_dbt_would_take_a_package_for_a_plugin():
    assert not (DBT_PROJECT / "__init__.py").exists()
