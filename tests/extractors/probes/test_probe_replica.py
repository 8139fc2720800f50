"""Rounds against the replica in a real Chromium: failures are confirmed, a week is simulated."""

import csv
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest
import yaml

from extractors.evidence import read
from extractors.probes.confirm import Confirmer
from extractors.probes.http import http_client
from extractors.probes.round import Occasion, Round
from extractors.probes.run import final_words, simulate_week
from extractors.registry import read_registry
from extractors.websites import tab
from replica.scenario import BUNDLED
from replica.server import RunningReplica, running_replica
from settings import Settings

pytestmark = pytest.mark.browser
ZHANJIANG = BUNDLED / "zhanjiang_2021q1"


def settings_for(replica: RunningReplica, folder: Path) -> Settings:
    return Settings(
        data=folder / "data", proxy=replica.proxy_url, tls_verify=False, pace_seconds=0, concurrency=4
    )


@pytest.fixture(scope="module")
def replica() -> Iterator[RunningReplica]:
    with running_replica() as replica:
        yield replica


async def test_the_browsers_word_counts(
    replica: RunningReplica, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tab, "_CHALLENGE_SECONDS", 2.0)  # a challenge that never passes is waited for
    expected = {
        "challenge_521": ("unproven", "opened"),
        "stuck_521": ("unproven", "unproven"),
        "challenge_412": ("unproven", "opened"),
        "stuck_412": ("unproven", "unproven"),
        "waf_403": ("unproven", "unproven"),
        "http_503": ("error_page", "error_page"),
        "http_404": ("error_page", "error_page"),
        "unreachable": ("unreachable", "unreachable"),
        "timeout": ("slow", "slow"),
        "moved_301": ("opened", None),
        "moved": ("opened", None),
    }
    sites = read_registry(ZHANJIANG / "registry").subjects("websites")[: len(expected) + 1]
    placed = dict(zip(expected, sites, strict=False))
    settings, limit = settings_for(replica, tmp_path), 4.0
    for state, site in placed.items():
        replica.set_state(site.id, state)
    try:
        async with http_client(settings) as client, Confirmer(settings, limit) as confirmer:
            made = Round(settings, Occasion("r", "2021Q1", "round", limit), client, confirmer)
            await made.run(sites)
        made.keep_evidence()
    finally:
        for site in placed.values():
            replica.set_state(site.id, None)
    met = {(p.site_code, p.channel): str(p.outcome) for p in made.probes if p.site_code}
    assert {
        state: (met[site.id, "http"], met.get((site.id, "browser"))) for state, site in placed.items()
    } == expected
    assert met[sites[-1].id, "http"] == "opened"
    words = {probe.site_code: probe for probe in final_words(made.probes)}
    assert words[placed["challenge_521"].id].opened is True
    refused = words[placed["http_503"].id]
    assert refused.evidence_sha256 and read(settings.evidence, refused.evidence_sha256)
    silent = words[placed["timeout"].id]
    assert silent.evidence_sha256 and b'"channel": "browser"' in read(
        settings.evidence, silent.evidence_sha256
    )


def small_scenario(folder: Path, availability: dict[str, Any], sites: int) -> Path:
    """The first sites of Zhanjiang alone, with an availability of their own."""
    registry = folder / "registry"
    registry.mkdir(parents=True)
    for file in (ZHANJIANG / "registry").glob("*.*"):
        shutil.copy(file, registry)
    with (registry / "websites.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))[: sites + 1]
    with (registry / "websites.csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(rows)
    for table in ("accounts", "columns", "manual_findings", "manual_scores"):
        file = registry / f"{table}.csv"
        file.write_text(file.read_text(encoding="utf-8-sig").splitlines()[0] + "\n", encoding="utf-8")
    script = yaml.safe_load((ZHANJIANG / "scenario.yml").read_text(encoding="utf-8"))
    script |= {"accounts": {}, "websites": {}, "availability": availability}
    (folder / "scenario.yml").write_text(yaml.safe_dump(script, allow_unicode=True), encoding="utf-8")
    return folder


def test_a_simulated_week_counts_to_the_visit_and_says_that_it_is_simulated(tmp_path: Path) -> None:
    failing = {
        "4408040001": {"failures": 8, "state": "http_503"},
        "4408020001": {"failures": 7, "state": "unreachable"},
    }
    availability = {"rounds": 147, "sites": failing, "controls": {"failures": 2}}
    scenario = small_scenario(tmp_path / "scenario", availability, sites=3)
    registry = read_registry(scenario / "registry")
    with running_replica(scenario) as replica:
        settings = settings_for(replica, tmp_path)
        simulate_week(registry, settings)
        again = str(simulate_week(registry, settings))
        answer = httpx.get("http://www.gov.cn/", proxy=replica.proxy_url)
    assert "本次做了 0 轮" in again
    assert answer.headers["date"] == "Thu, 01 Apr 2021 01:00:00 GMT"  # the clock is put back
    files = sorted(settings.landing.glob("probes/*/*/*.parquet"))
    assert len(files) == 147
    rows = [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]
    assert {row["simulated"] for row in rows} == {True}
    point = registry.plan.monitoring_points[0].astimezone(UTC)
    assert all(point - timedelta(days=7) < row["probed_at"] <= point for row in rows)
    void = {row["slot"] for row in rows if row["outcome"] == "own_outage"}
    assert len(void) == 2
    failed = Counter(
        row["site_code"] for row in rows if row["channel"] == "browser" and row["opened"] is False
    )
    # Where our own network is down too, nobody can tell whether the site was.
    lost = {code: sum(slot in void for slot in slots_of(147, n["failures"])) for code, n in failing.items()}
    assert failed == {code: n["failures"] - lost[code] for code, n in failing.items()}
    per_day = Counter(
        (row["site_code"], (point - row["probed_at"]).days)
        for row in rows
        if row["site_code"] and row["channel"] == "http"
    )
    assert set(per_day.values()) == {21} and len(per_day) == 3 * 7


def slots_of(rounds: int, failures: int) -> list[str]:
    """The slots in which such a site is down, by the replica's own rule: evenly spread."""
    return [f"slot-{n:03}" for n in range(rounds) if (n + 1) * failures // rounds > n * failures // rounds]
