"""Every kind of damage, done to a sealed run of real files, is found, and its findings are named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from extractors.custody.manifest import SUMS, file_sha256, manifests
from extractors.custody.seal import seal
from extractors.custody.verify import Verification, touched_evidence, verify
from extractors.registry import Registry
from extractors.registry.snapshot import land_snapshot
from settings import Settings
from tests.extractors.custody.landed_run import AT, flip, land_run, visit_of

DOUYIN = "douyin:MS4wLjABAAAAsyntheticSyntheticSyntheticSynthetic_c01"


@pytest.fixture
def sealed(registry: Registry, settings: Settings) -> Settings:
    """Two sealed runs and a sealed registry: nothing is damaged, nothing waits."""
    land_snapshot(registry, settings)
    for days, run_id in enumerate(("r1", "r2")):
        land_run(registry, settings, run_id, days)
        seal(settings, run_id)
    found = verify(settings)
    assert (found.damages, found.unsealed, found.manifests) == ([], [], 3)
    return settings


def list_of(registry: Registry, settings: Settings, subject_id: str = DOUYIN) -> Path:
    """The file of what the first run saw of a subject."""
    (subject,) = registry.subjects(None, subject_id)
    sha256 = visit_of(subject, AT).seen[0].sha256
    return next(settings.evidence.glob(f"??/{sha256}.*"))


def names_the_look(found: Verification, lies: Path) -> bool:
    """Whether both objects of the look are said to be concerned, so that its findings are."""
    hashes = touched_evidence(found.damages)
    return lies.name.partition(".")[0] in hashes and len(hashes) >= 2


@pytest.mark.parametrize("place", [0, 3, 4, 9, 12, -5, -1])
def test_one_flipped_byte_of_an_object(registry: Registry, sealed: Settings, place: int) -> None:
    """Wherever it is: 3 and 4 lie in gzip's own header, which unpacks as if nothing were."""
    lies = list_of(registry, sealed)
    flip(lies, place)
    found = verify(sealed)
    assert (
        len(found.damages) == 1 and "被改动" in found.damages[0].what and lies.name in found.damages[0].what
    )
    assert found.damages[0].subjects == (DOUYIN,) and names_the_look(found, lies)
    flip(lies, place)
    assert verify(sealed).damages == []


def test_an_object_replaced_by_a_well_formed_one(registry: Registry, sealed: Settings) -> None:
    lies = list_of(registry, sealed)
    lies.write_bytes(list_of(registry, sealed, "kuaishou:3xsynthetic00001").read_bytes())
    assert names_the_look(verify(sealed), lies)


@pytest.mark.parametrize("place", [0, 2000, -1])
def test_one_flipped_byte_of_a_landed_file(sealed: Settings, place: int) -> None:
    lies = next(sealed.landing.glob("posts/*/run=r1/shard=douyin.parquet"))
    flip(lies, place)
    (damage,) = verify(sealed).damages
    assert "与封存时不同" in damage.what and "run=r1/shard=douyin" in damage.what
    assert len(damage.evidence) == 4, "two accounts, two objects each"


@pytest.mark.parametrize("table", ["evidence", "captures"])
def test_a_flipped_byte_of_the_files_that_custody_itself_reads(sealed: Settings, table: str) -> None:
    flip(next(sealed.landing.glob(f"{table}/*/run=r1/shard=douyin.parquet")), -1)
    (damage,) = verify(sealed).damages
    assert "与封存时不同" in damage.what and len(damage.evidence) == 4


def test_a_changed_registry_concerns_its_whole_quarter(sealed: Settings) -> None:
    flip(next(sealed.landing.glob("registry_accounts/*/*/*.parquet")), 10)
    (damage,) = verify(sealed).damages
    assert damage.period == "2021Q1"


def test_missing_files(registry: Registry, sealed: Settings) -> None:
    lies = list_of(registry, sealed)
    lies.unlink()
    found = verify(sealed)
    assert [damage.what.partition("：")[0] for damage in found.damages] == ["缺失"]
    assert names_the_look(found, lies)
    next(sealed.landing.glob("captures/*/run=r1/shard=douyin.parquet")).unlink()
    assert len(verify(sealed).damages) == 2


def _object(settings: Settings) -> Path:
    return settings.evidence / "ab" / ("ab" + "0" * 62 + ".json.gz")


def _second_copy(settings: Settings) -> Path:
    one = next(settings.evidence.glob("??/*.json.gz"))
    return one.with_name(one.name.replace(".json.gz", ".bin"))


@pytest.mark.parametrize(
    "place",
    [
        _object,
        _second_copy,
        lambda settings: settings.evidence / "note.txt",
        lambda settings: settings.landing / "posts" / "note.txt",
        lambda settings: settings.landing / "posts/period=2021Q1/run=r1/shard=extra.parquet",
        lambda settings: settings.landing / "site_extra/period=2021Q1/run=r1/shard=douyin.parquet",
        lambda settings: settings.landing / "captures/period=2021Q1/run=r1/shard=extra.parquet",
        lambda settings: settings.landing / "captures/period=2021Q1/run=r9/shard=douyin.parquet",
        lambda settings: manifests(settings) / "note.txt",
    ],
)
def test_one_added_file(sealed: Settings, place: Callable[[Settings], Path]) -> None:
    path = place(sealed)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"slipped in")
    found = verify(sealed)
    assert len(found.damages) == 1 and "多出" in found.damages[0].what and path.name in found.damages[0].what


def rewrite(manifest: Path, change: Callable[[list[str]], list[str]]) -> None:
    manifest.write_text("".join(change(manifest.read_text("utf-8").splitlines(keepends=True))), "utf-8")


def test_one_removed_line(registry: Registry, sealed: Settings) -> None:
    lies = list_of(registry, sealed)
    manifest = manifests(sealed) / "000002-r1.jsonl"
    rewrite(manifest, lambda lines: [line for line in lines if lies.name not in line])
    found = verify(sealed)
    assert "清单被改动" in found.damages[0].what and "应有" in found.damages[0].what
    assert "少了一行" in found.damages[1].what and found.damages[1].subjects == (DOUYIN,)
    assert len(found.damages) == 2 and lies.name.partition(".")[0] in touched_evidence(found.damages)
    lies.unlink()  # the object as well: the landed rows still know of it
    found = verify(sealed)
    assert len(found.damages) == 2 and found.damages[1].subjects == (DOUYIN,)


def test_a_removed_line_of_a_landed_file(sealed: Settings) -> None:
    manifest = manifests(sealed) / "000002-r1.jsonl"
    rewrite(manifest, lambda lines: [line for line in lines if "/posts/" not in line or "douyin" not in line])
    found = verify(sealed)
    assert len(found.damages) == 2 and "登记被删" in found.damages[1].what


def test_every_flipped_byte_of_a_manifest_is_found(sealed: Settings) -> None:
    manifest = manifests(sealed) / "000002-r1.jsonl"
    for place in range(5, manifest.stat().st_size, 997):
        flip(manifest, place)
        assert any("000002-r1.jsonl" in damage.what for damage in verify(sealed).damages), place
        flip(manifest, place)
    assert verify(sealed).damages == []


def test_a_manifest_with_its_line_in_the_list_rewritten_still_breaks_the_chain(sealed: Settings) -> None:
    """Whoever removes a line and mends ``SHA256SUMS`` is betrayed by the manifest after it."""
    folder = manifests(sealed)
    manifest = folder / "000002-r1.jsonl"
    before = file_sha256(manifest)
    rewrite(manifest, lambda lines: lines[:-1])
    sums = folder / SUMS
    sums.write_text(sums.read_text().replace(before, file_sha256(manifest)))
    said = [damage.what for damage in verify(sealed).damages]
    assert any("链断开：000003-r2.jsonl" in what for what in said), said
    assert any("应有" in what for what in said)


@pytest.mark.parametrize("name", ["000001-*.jsonl", "000002-r1.jsonl", "000003-r2.jsonl"])
def test_a_removed_manifest(sealed: Settings, name: str) -> None:
    next(manifests(sealed).glob(name)).unlink()
    found = verify(sealed)
    assert "清单缺失" in found.damages[0].what and found.unsealed


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_removed_line_of_the_list_of_manifests(sealed: Settings, line: int) -> None:
    def without(lines: list[str]) -> list[str]:
        return lines[:line] + lines[line + 1 :]

    rewrite(manifests(sealed) / SUMS, without)
    assert any("SHA256SUMS" in damage.what for damage in verify(sealed).damages)


def test_a_lost_list_of_manifests(sealed: Settings) -> None:
    (manifests(sealed) / SUMS).unlink()
    assert len([d for d in verify(sealed).damages if "SHA256SUMS" in d.what]) == 3
