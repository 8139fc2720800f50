import hashlib
import multiprocessing
import subprocess
from pathlib import Path

import pytest

from extractors import evidence
from extractors.custody import seal as sealing
from extractors.custody.manifest import SUMS, links, manifests, read_lines
from extractors.custody.seal import seal
from extractors.custody.verify import verify
from extractors.landing import SCHEMAS, landed_file, write_table
from extractors.records import Seen
from extractors.registry import Registry
from extractors.registry.snapshot import land_snapshot
from settings import Settings
from tests.extractors.custody.landed_run import land_run, spool_run


def test_a_manifest_lists_everything_of_its_run_and_names_the_one_before(
    registry: Registry, settings: Settings
) -> None:
    land_run(registry, settings, "r1")
    (first,) = seal(settings, "r1")
    names = land_run(registry, settings, "r2", days=1)
    (second,) = seal(settings, "r2")
    assert [(link.name, link.sha256) for link in links(manifests(settings))] == [
        ("000001-r1.jsonl", first.sha256),
        ("000002-r2.jsonl", second.sha256),
    ]
    head, *lines = [line for _, line in read_lines(manifests(settings) / second.manifest)]
    assert head is not None and head["previous"] == first.sha256 and head["shards"] == sorted(names)
    assert head["lines"] == len(lines) + 1
    for line in lines:
        assert line is not None
        lies = settings.root / line["path"]
        assert line["file_sha256"] == hashlib.sha256(lies.read_bytes()).hexdigest()
    subjects = [subject.id for subject in registry.subjects()]
    listed = [line for line in lines if line and line["kind"] == "evidence"]
    assert sorted(line["subject_id"] for line in listed) == sorted(subjects * 2)
    assert {line["role"] for line in listed} == {"list", "screenshot"}
    assert all(line["capture_id"] and line["bytes"] and len(line["sha256"]) == 64 for line in listed)
    landed = {line["path"] for line in lines if line and line["kind"] == "landed"}
    assert len(landed) == len(names) * len(SCHEMAS) and not verify(settings).damages


def test_sealing_twice_changes_nothing_and_a_late_shard_is_chained_on(
    registry: Registry, settings: Settings
) -> None:
    names = land_run(registry, settings, "r1")
    late = list(settings.landing.rglob(f"shard={names[0]}.parquet"))
    aside = {path: path.read_bytes() for path in late}
    for path in late:
        path.unlink()
    assert [one.manifest for one in seal(settings)] == ["000001-r1.jsonl"]
    before = (manifests(settings) / "000001-r1.jsonl").read_bytes()
    assert seal(settings) == []
    for path, content in aside.items():
        path.write_bytes(content)
    assert any(f"r1 的 {names[0]}" in line for line in verify(settings).unsealed)
    assert [one.manifest for one in seal(settings, "r1")] == ["000002-r1.jsonl"]
    assert (manifests(settings) / "000001-r1.jsonl").read_bytes() == before
    found = verify(settings)
    assert (found.damages, found.unsealed, found.manifests) == ([], [], 2)


def test_a_shard_that_is_not_whole_is_not_sealed(registry: Registry, settings: Settings) -> None:
    names = land_run(registry, settings, "r1")
    for path in settings.landing.glob(f"captures/*/*/shard={names[0]}.parquet"):
        path.unlink()
    seal(settings, "r1")
    found = verify(settings)
    assert found.damages == [] and [line for line in found.unsealed if "尚未写完" in line]


def test_what_is_not_sealed_yet_is_no_damage(registry: Registry, settings: Settings) -> None:
    spool_run(registry, settings, "r1")
    found = verify(settings)
    assert (found.damages, found.unsealed, found.head) == ([], [], "")
    land_run(registry, settings, "r2")
    found = verify(settings)
    assert found.damages == [] and len(found.unsealed) == 5


def _land_and_seal(registry: Registry, settings: Settings, run_id: str, days: int) -> None:
    land_run(registry, settings, run_id, days)
    seal(settings, run_id)


def test_processes_that_seal_at_once_make_one_chain(registry: Registry, settings: Settings) -> None:
    context = multiprocessing.get_context("fork")
    processes = [
        context.Process(target=_land_and_seal, args=(registry, settings, f"r{number}", number))
        for number in range(4)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 4
    found = verify(settings)
    assert (found.damages, found.unsealed, found.manifests) == ([], [], 4)
    done = subprocess.run(
        ["sha256sum", "-c", SUMS], cwd=manifests(settings), capture_output=True, check=False
    )
    assert done.returncode == 0, "the chain can be checked by hand"


def test_an_interrupted_seal_is_taken_up(
    registry: Registry, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    land_run(registry, settings, "r1")
    with monkeypatch.context() as patched:
        patched.setattr(sealing, "_write_chain", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            seal(settings, "r1")
    (manifests(settings) / ".000009-r9.jsonl.tmp").write_text("half a manifest")
    assert "封存被中断" in verify(settings).damages[0].what
    assert seal(settings) == []
    assert verify(settings).damages == [] and not list(manifests(settings).glob(".*.tmp"))


def test_reviewers_evidence_is_sealed_with_the_registry(
    registry: Registry, settings: Settings, tmp_path: Path
) -> None:
    (registry.directory / "photo.png").write_bytes(b"PNG of a menu")
    finding = {
        "period": "2021Q1", "subject_kind": "account", "subject_id": "wechat:MzA2MTAwMDAwNw==",
        "indicator": "M3.1", "problem": "缺有效互动渠道菜单", "observed_on": None,
        "evidence_file": "photo.png", "reviewer": "甲",
    }  # fmt: skip
    registry.manual_findings.append(finding)
    land_snapshot(registry, settings)
    land_snapshot(registry, settings)
    found = verify(settings)
    assert (found.damages, found.unsealed, found.manifests) == ([], [], 1)
    (photo,) = settings.evidence.glob("??/*.png")
    photo.write_bytes(b"PNG of another menu")
    (damage,) = verify(settings).damages
    assert damage.subjects == ("wechat:MzA2MTAwMDAwNw==",) and damage.evidence == {photo.stem}


def test_what_a_probe_kept_is_sealed_too(settings: Settings) -> None:
    answer = Seen("page", "http://www.hecheng.gov.cn/", 503, "text/html", b"<h1>503</h1>")
    evidence.store(settings.evidence, answer)
    row = {"run_id": "p1", "period": "2021Q1", "site_code": "4499990001", "evidence_sha256": answer.sha256}
    write_table(landed_file(settings.landing, "probes", "2021Q1", "p1", "round"), "probes", [row])
    found = verify(settings)
    assert found.damages == [] and len(found.unsealed) == 1, "named by what has landed"
    seal(settings, "p1")
    next(settings.evidence.glob("??/*.html.gz")).unlink()
    (damage,) = verify(settings).damages
    assert damage.subjects == ("4499990001",)
