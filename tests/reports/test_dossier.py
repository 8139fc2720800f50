"""A dossier: verified with sha256sum alone, harmless when opened, honest about what is lost."""

import csv
import io
import json
import subprocess
import zipfile
from pathlib import Path

import duckdb
import pytest
from conftest import HOSTILE
from published_case import sign

from errors import UserError
from extractors.custody.seal import seal
from extractors.evidence import store
from extractors.records import Seen
from reports.dossier import write_dossier
from settings import Settings

SUBJECT = "douyin:10002"


def unpacked(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def folder(own_published_city: Settings, tmp_path: Path) -> Path:
    seal(own_published_city)
    return unpacked(write_dossier(own_published_city, "2021Q1", SUBJECT).path, tmp_path / "卷宗")


def test_its_bytes_are_verified_with_sha256sum_alone(folder: Path) -> None:
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, check=False).returncode == 0
    (picture,) = (folder / "evidence").iterdir()
    picture.write_bytes(picture.read_bytes()[:-1] + b"?")
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, check=False).returncode == 1


def test_its_bytes_are_those_that_were_sealed(folder: Path, own_published_city: Settings) -> None:
    head, *lines = map(json.loads, (folder / "证据清单摘录.jsonl").read_text("utf-8").splitlines())
    sealed = own_published_city.evidence / "manifests" / head["manifest"]
    checked = subprocess.run(["sha256sum", sealed], capture_output=True, text=True, check=True)
    assert checked.stdout.split()[0] == head["manifest_sha256"]
    assert {line["sha256"] for line in lines} == {p.stem for p in (folder / "evidence").iterdir()}


def test_it_says_what_was_found_by_which_clause(folder: Path) -> None:
    statement = (folder / "判定书.html").read_text("utf-8")
    assert "合成超期" in statement and "监测时间点前2周内无更新" in statement and "不合格" in statement
    rows = list(csv.DictReader(io.StringIO((folder / "检查.csv").read_text("utf-8-sig"))))
    (failed,) = [row for row in rows if row["status"] == "fail"]
    assert failed["indicator"] == "M2.1" and failed["evidence"] in statement


def test_what_is_lost_is_said(own_published_city: Settings, folder: Path) -> None:
    dossier = write_dossier(own_published_city, "2021Q1", SUBJECT)
    assert dossier.evidence == 1 and "证据库中没有" in str(dossier)
    assert "缺失或损坏：" in (folder / "判定书.html").read_text("utf-8")


def test_a_page_in_evidence_does_not_run_when_opened(own_published_city: Settings, tmp_path: Path) -> None:
    body = b"<script>alert(1)</script>"
    seen = Seen("list", "https://example.cn/", 200, "text/html", body)
    stored = own_published_city.evidence / store(own_published_city.evidence, seen)
    # File it as the bytes of the hostile account's finding: what matters here is how it is packed.
    with duckdb.connect(str(own_published_city.published_file)) as connection:
        connection.execute(
            "update marts.fct_checks set evidence_sha256s = [?] where subject_id = 'weibo:10004'",
            [seen.sha256],
        )
    assert stored.exists()
    sign(own_published_city)
    folder = unpacked(write_dossier(own_published_city, "2021Q1", "weibo:10004").path, tmp_path / "卷宗")
    assert (folder / "evidence" / f"{seen.sha256}.txt").read_bytes() == body
    assert HOSTILE not in (folder / "判定书.html").read_text("utf-8")
    assert "&lt;img" in (folder / "判定书.html").read_text("utf-8")


def test_the_same_content_gives_the_same_bytes(own_published_city: Settings) -> None:
    first = write_dossier(own_published_city, "2021Q1", SUBJECT).path.read_bytes()
    assert write_dossier(own_published_city, "2021Q1", SUBJECT).path.read_bytes() == first


def test_whom_nobody_knows_is_said(published_city: Settings) -> None:
    with pytest.raises(UserError, match="没有“weibo:0”"):
        write_dossier(published_city, "2021Q1", "weibo:0")
