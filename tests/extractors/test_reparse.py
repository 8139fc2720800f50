"""Reading evidence again: what a real Chromium saw of the replica, judged once more without a network."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from extractors import evidence
from extractors import reparse as reparsing
from extractors.capture import Captured, _environment, capture_all
from extractors.custody.verify import verify
from extractors.landing import SCHEMAS
from extractors.registry import Registry, read_registry
from extractors.reparse import reparse
from replica.scenario import BUNDLED
from replica.server import running_replica
from replica.sessions import write_sessions
from settings import PROJECT, Settings

pytestmark = pytest.mark.browser
PERIOD = "2021Q1"
STATES = {
    "douyin": ["captcha", "unreachable"],
    "kuaishou": ["partial", "rate_limited"],
    "weibo": ["login_required", "desktop_refused"],
    "wechat": ["freq_control"],
    "website": ["http_503", "ajax_failed", "column_404"],
}


def a_few(registry: Registry) -> Registry:
    """Of each platform a named account and two synthetic ones; a named site and three others."""
    for platform in ("douyin", "kuaishou", "wechat", "weibo"):
        rows = [row for row in registry.accounts if row["platform"] == platform]
        named = [row for row in rows if "合成" not in row["account_name"]][:1]
        kept = named + [row for row in rows if "合成" in row["account_name"]][:2]
        registry.accounts[:] = [row for row in registry.accounts if row not in rows or row in kept]
    sites = [row for row in registry.websites if "坡头" in row["site_name"]]
    sites += [row for row in registry.websites if "合成" in row["site_name"]][:3]
    registry.websites[:] = sites
    return registry


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Captured]]:
    """A run over a dozen accounts and some sites, a third of them in some trouble. Look, do not touch."""
    folder = tmp_path_factory.mktemp("reparse")
    write_sessions(folder / "sessions")
    registry = a_few(read_registry(BUNDLED / "zhanjiang_2021q1" / "registry"))
    with running_replica() as replica:
        settings = Settings(
            data=folder / "data", sessions=folder / "sessions", proxy=replica.proxy_url, tls_verify=False,
            pace_seconds=0, page_seconds=8, circuit_after=0, sample_screenshots=1,
        )  # fmt: skip
        for group, states in STATES.items():
            ids = [s.id for s in registry.subjects() if group in (s.platform, s.kind) and "合成" in s.name]
            for subject_id, state in zip(ids, states, strict=False):
                replica.scenario.set_state(subject_id, state)
        yield settings, capture_all(registry, settings)


@pytest.fixture
def own(captured: tuple[Settings, Captured], tmp_path: Path) -> Settings:
    """A copy of the data that a test may change."""
    shutil.copytree(captured[0].root, tmp_path / "data")
    return captured[0].model_copy(update={"data": tmp_path / "data"})


def landed(settings: Settings, table: str) -> list[dict[str, Any]]:
    files = sorted(settings.landing.glob(f"{table}/*/run=*/*.parquet"))
    return [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]


def files(settings: Settings) -> dict[str, bytes]:
    return {
        str(path.relative_to(settings.root)): path.read_bytes()
        for path in sorted(settings.root.rglob("*"))
        if path.is_file() and path.suffix in {".parquet", ".jsonl", ".gz", ".png"}
    }


def test_the_same_parser_reads_the_same_rows_with_the_network_off(
    captured: tuple[Settings, Captured],
) -> None:
    settings, run = captured
    assert run.complete
    outcomes = {row["outcome"] for row in landed(settings, "captures")}
    assert {"ok_complete", "unreachable"} < outcomes and len(outcomes) >= 4, outcomes
    # Every way of looking is among what is read again: what another channel and the window query said too.
    looks = {row["capture_id"]: (row["channel"], row["attempt"]) for row in landed(settings, "captures")}
    read = {looks[row["capture_id"]] for row in landed(settings, "posts")}
    assert {("weibo.mobile", 3), ("kuaishou.live:anonymous", 3)} <= read
    assert ("kuaishou.web", 2) in looks.values()
    assert {"window", "profile", "list"} <= {row["role"] for row in landed(settings, "evidence")}
    before = files(settings)
    command = [sys.executable, "-m", "xunjian", "reparse", "--period", PERIOD]
    isolated = ["unshare", "--net", "--map-root-user", *command]  # not even loopback is up in there
    done = subprocess.run(
        isolated, cwd=PROJECT, env=_environment(settings), capture_output=True, text=True, check=False
    )
    if "unshare" in done.stderr:
        pytest.skip(f"this machine allows no network namespace: {done.stderr.strip()}")
    assert (done.returncode, f"与已落地的相同 {len(looks)} 次，新落地 0 次" in done.stdout) == (0, True), (
        done.stdout
    )
    assert files(settings) == before, "nothing was landed twice"


def test_a_new_version_lands_beside_the_old_and_only_once(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extractors.rows.EXTRACTOR_VERSION", "2099.1.1")
    monkeypatch.setattr(reparsing, "EXTRACTOR_VERSION", "2099.1.1")
    looks = len(landed(own, "captures"))
    before = files(own)
    first = reparse(own, PERIOD)
    assert (first.landed, first.same, first.is_whole) == (looks, 0, True), str(first)
    after = files(own)
    assert before.items() <= after.items(), "what was landed and sealed is not touched"
    changed = {"run_id", "capture_id", "extractor_version"}
    for table in SCHEMAS:
        old = [row for row in landed(own, table) if row["extractor_version"] != "2099.1.1"]
        new = [row for row in landed(own, table) if row["extractor_version"] == "2099.1.1"]
        plain = [{name: value for name, value in row.items() if name not in changed} for row in old]
        assert plain == [{n: v for n, v in row.items() if n not in changed} for row in new], table
    ids = [row["capture_id"] for row in landed(own, "captures")]
    assert len(set(ids)) == len(ids) == 2 * looks
    second = reparse(own, PERIOD)
    assert (second.landed, second.same) == (0, looks) and files(own) == after
    found = verify(own)
    assert (found.damages, found.unsealed) == ([], [])


def test_a_look_whose_bytes_are_gone_is_said_and_read_once_they_are_back(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extractors.rows.EXTRACTOR_VERSION", "2099.1.1")
    monkeypatch.setattr(reparsing, "EXTRACTOR_VERSION", "2099.1.1")
    looks = len(landed(own, "captures"))
    post = next(row for row in landed(own, "posts") if row["platform"] == "weibo")
    path = evidence.find(own.evidence, post["evidence_sha256"])
    assert path is not None
    content = path.read_bytes()
    path.unlink()
    done = reparse(own, PERIOD)
    assert not done.is_whole and done.landed == looks - 1
    assert len(done.unread) == 1 and post["subject_id"] in done.unread[0] and "缺失" in done.unread[0]
    path.write_bytes(content[:-20] + b"x" * 20)
    assert "损坏" in reparse(own, PERIOD).unread[0]
    path.write_bytes(content)
    done = reparse(own, PERIOD)
    assert done.is_whole and (done.landed, done.same) == (1, looks - 1)
    assert reparse(own, PERIOD).same == looks and verify(own).damages == []


def test_a_parser_that_reads_otherwise_under_the_same_version_is_told(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extractors.platforms.reading._OUT_OF_LINE", timedelta(days=-999))
    done = reparse(own, PERIOD)
    assert done.differing and not done.is_whole and done.landed == 0


def test_pictures_and_compression(captured: tuple[Settings, Captured]) -> None:
    """A picture of every look that is no plain pass, of a sample of the others; text is compressed."""
    settings, _ = captured
    rows = landed(settings, "evidence")
    pictured = {row["capture_id"] for row in rows if row["role"] == "screenshot"}
    seen = {row["capture_id"] for row in rows if row["role"] in ("list", "page")}
    for capture in landed(settings, "captures"):
        shown = capture["capture_id"] in seen and capture["platform"] != "wechat"
        if capture["outcome"] not in ("ok_complete", "ok_partial") and shown:
            assert capture["capture_id"] in pictured, (capture["subject_id"], capture["outcome"])
    assert {"sample", "screenshot", "journal"} <= {row["role"] for row in rows}
    for row in rows:
        is_picture = row["media_type"] == "image/png"
        assert row["stored_path"].endswith(".png" if is_picture else ".gz"), row
    text = [row for row in rows if row["media_type"] != "image/png" and row["bytes"] > 2000]
    stored = sum((settings.evidence / row["stored_path"]).stat().st_size for row in text)
    assert stored < sum(row["bytes"] for row in text) / 2
