"""A round against sites that behave as told; the browser has its own tests."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from probe_web import ProbeWeb, probe_web

from errors import UserError
from extractors.evidence import read
from extractors.probes.confirm import Confirmer
from extractors.probes.http import http_client
from extractors.probes.round import Occasion, Round
from extractors.probes.run import land, probe_once, simulate_week
from extractors.records import Subject
from extractors.registry import Registry
from settings import PROJECT, Settings

CONTROLS = "http://one.example.com/ http://two.example.com/ http://three.example.com/"


@pytest.fixture
def web() -> Iterator[ProbeWeb]:
    with probe_web() as web:
        yield web


@pytest.fixture
def settings(web: ProbeWeb, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", proxy=web.proxy, control_urls=CONTROLS, pace_seconds=0)


def site(url: str, code: str | None = None) -> Subject:
    code = code or url.split("/")[2]
    return Subject("website", code, code, None, code, url)


async def a_round(settings: Settings, *sites: Subject, limit: float = 5.0) -> Round:
    async with http_client(settings) as client, Confirmer(settings, limit) as confirmer:
        made = Round(settings, Occasion("r", "2021Q1", "round", limit), client, confirmer)
        await made.run(sites)
        return made


def of_sites(made: Round) -> list[tuple[str | None, str, str, bool | None]]:
    return [(p.site_code, p.channel, str(p.outcome), p.opened) for p in made.probes if p.site_code]


async def test_controls_are_asked_before_and_after(settings: Settings, web: ProbeWeb) -> None:
    made = await a_round(settings, site("http://fine.example.gov.cn/"))
    assert of_sites(made) == [("fine.example.gov.cn", "http", "opened", True)]
    assert [p.target_kind for p in made.probes] == ["control"] * 3 + ["site"] + ["control"] * 3
    assert len({p.probe_id for p in made.probes}) == 7
    assert not made.own_outage


async def test_offline_from_the_start_nobody_is_visited(settings: Settings, web: ProbeWeb) -> None:
    web.down = {"one.example.com", "two.example.com"}
    made = await a_round(settings, site("http://fine.example.gov.cn/"))
    assert made.own_outage
    assert of_sites(made) == [("fine.example.gov.cn", "http", "own_outage", None)]
    assert web.asked["fine.example.gov.cn"] == 0


async def test_one_control_that_is_down_is_its_own_affair(settings: Settings, web: ProbeWeb) -> None:
    web.down = {"one.example.com"}
    made = await a_round(settings, site("http://fine.example.gov.cn/"))
    assert not made.own_outage
    controls = [p for p in made.probes if not p.site_code]
    assert len(controls) == 6
    assert all(p.opened == ("one.example.com" not in p.url) for p in controls)


async def test_offline_in_the_middle_voids_what_was_seen_and_keeps_it(
    settings: Settings, web: ProbeWeb
) -> None:
    web.down_after = {"one.example.com": 1, "two.example.com": 1}
    made = await a_round(settings, site("http://reset.example.gov.cn/"), site("http://fine.example.gov.cn/"))
    assert made.own_outage
    assert {row[1:] for row in of_sites(made)} == {("http", "own_outage", None)}
    details = {p.site_code: p.detail for p in made.probes if p.site_code}
    assert "当时的结果 unreachable" in details["reset.example.gov.cn"]
    assert details["fine.example.gov.cn"].endswith("当时的结果 opened")


async def test_sites_of_one_host_are_visited_one_after_another(settings: Settings, web: ProbeWeb) -> None:
    sites = [site(f"http://lazy.example.gov.cn/{n}/", f"lazy{n}") for n in range(3)]
    others = [site(f"http://lazy.example{n}.gov.cn/") for n in range(3)]
    began = time.monotonic()
    made = await a_round(settings, *sites, *others)
    assert time.monotonic() - began < 1.5
    assert len(of_sites(made)) == 6
    assert web.most_at_once["lazy.example.gov.cn"] == 1


async def test_a_round_lands_as_one_whole_file(settings: Settings, tmp_path: Path) -> None:
    made = await a_round(settings, site("http://fine.example.gov.cn/"))
    land(settings.landing, made.occasion, made.probes)
    land(settings.landing, made.occasion, made.probes)
    [file] = [path for path in settings.landing.rglob("*") if path.is_file()]
    assert file.relative_to(settings.landing).as_posix() == "probes/period=2021Q1/run=r/shard=round.parquet"
    assert len(pq.ParquetFile(file).read()) == 7


def registry_of(registry: Registry, *urls: str) -> Registry:
    rows = [
        dict(registry.websites[0]) | {"site_code": f"44{n}", "home_url": url} for n, url in enumerate(urls)
    ]
    return Registry(registry.directory, registry.plan, [], rows, [], [], [], [])


def landed(settings: Settings) -> list[dict[str, Any]]:
    files = sorted(settings.landing.glob("probes/period=*/run=*/shard=*.parquet"))
    return [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]


def test_one_site_alone_and_no_site_of_that_code(registry: Registry, settings: Settings) -> None:
    ours = registry_of(registry, "http://fine.example.gov.cn/", "http://other.example.gov.cn/")
    said = str(probe_once(ours, settings, "r1", "441"))
    assert "1 个网站，打开 1，打不开 0" in said
    rows = [row for row in landed(settings) if row["site_code"]]
    assert [(row["site_code"], row["limit_ms"], row["simulated"]) for row in rows] == [("441", 15000, False)]
    with pytest.raises(UserError, match="台账中没有“999”"):
        probe_once(ours, settings, "r2", "999")


def test_an_own_outage_is_landed_and_said(registry: Registry, settings: Settings, web: ProbeWeb) -> None:
    web.down = {"one.example.com", "two.example.com", "three.example.com"}
    done = probe_once(registry_of(registry, "http://fine.example.gov.cn/"), settings, "r1")
    assert done.own_outage and "本机断网" in str(done)
    assert [row["outcome"] for row in landed(settings) if row["site_code"]] == ["own_outage"]


def test_a_killed_round_leaves_nothing_and_the_next_goes_on(
    registry: Registry, settings: Settings, web: ProbeWeb
) -> None:
    path = registry.directory / "websites.csv"
    head = path.read_text(encoding="utf-8").splitlines()[0]
    path.write_text(f"{head}\n4499990001,合成,portal,合成,,,http://hangs.example.gov.cn/,active\n", "utf-8")
    (registry.directory / "columns.csv").write_text("site_code,column_name,column_class,url\n", "utf-8")
    environment = os.environ | {
        "XUNJIAN_DATA": str(settings.data), "XUNJIAN_PROXY": web.proxy, "XUNJIAN_CONTROL_URLS": CONTROLS,
        "XUNJIAN_REGISTRY": str(registry.directory),
    }  # fmt: skip
    command = [sys.executable, "-m", "xunjian", "probe", "--period", "2021Q1"]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 30
    while not web.asked["hangs.example.gov.cn"]:
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    with pytest.raises(UserError, match="另一轮探测正在进行"):
        probe_once(registry_of(registry, "http://fine.example.gov.cn/"), settings, "r1")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert landed(settings) == []
    probe_once(registry_of(registry, "http://fine.example.gov.cn/"), settings, "r1")
    assert {row["run_id"] for row in landed(settings)} == {"r1"}


@pytest.mark.parametrize("proxy", [None, "http://proxy.example.gov.cn:3128", "ours"])
def test_a_week_is_simulated_on_the_replica_alone(
    registry: Registry, settings: Settings, web: ProbeWeb, proxy: str | None
) -> None:
    elsewhere = settings.model_copy(update={"proxy": web.proxy if proxy == "ours" else proxy})
    with pytest.raises(UserError, match="只用于复制环境"):
        simulate_week(registry, elsewhere)
    assert landed(settings) == []
    assert not {host for host in web.asked if host.endswith(".gov.cn")}


async def test_evidence_of_a_failure_is_what_was_seen(settings: Settings) -> None:
    async with http_client(settings) as client, Confirmer(settings, 5) as confirmer:
        made = Round(settings, Occasion("r", "2021Q1", "round", 5.0), client, confirmer)
        await made._by_http(site("http://503.example.gov.cn/"))
        await made._by_http(site("http://reset.example.gov.cn/"))
        await made._by_http(site("http://fine.example.gov.cn/"))
    made.keep_evidence()
    page, record, nothing = (probe.evidence_sha256 for probe in made.probes)
    assert page and read(settings.evidence, page) == b"<h1>error</h1>"
    assert record and b'"outcome": "unreachable"' in read(settings.evidence, record)
    assert nothing is None
