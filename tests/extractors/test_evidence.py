import gzip
from pathlib import Path

import pytest

from extractors import evidence
from extractors.records import Seen


def seen(body: bytes, media_type: str = "application/json") -> Seen:
    return Seen("list", "https://example.com/", 200, media_type, body)


def test_what_is_stored_is_read_back_by_its_hash(tmp_path: Path) -> None:
    answer = seen('{"题": 1}'.encode())
    path = evidence.store(tmp_path, answer)
    assert path == f"{answer.sha256[:2]}/{answer.sha256}.json.gz"
    assert evidence.exists(tmp_path, answer.sha256)
    assert evidence.read(tmp_path, answer.sha256) == answer.body
    assert [tmp_path / path] == list(evidence.stored_files(tmp_path))


def test_the_same_bytes_are_written_once_and_give_the_same_file(tmp_path: Path) -> None:
    answer = seen(b"<html></html>", "text/html; charset=utf-8")
    path = tmp_path / evidence.store(tmp_path, answer)
    written = path.stat().st_mtime_ns, path.read_bytes()
    assert evidence.store(tmp_path, seen(answer.body, "text/plain")) == str(path.relative_to(tmp_path))
    assert (path.stat().st_mtime_ns, path.read_bytes()) == written
    other = evidence.store(tmp_path / "elsewhere", answer)
    assert (tmp_path / "elsewhere" / other).read_bytes() == written[1]


def test_pictures_lie_as_they_are(tmp_path: Path) -> None:
    picture = seen(b"\x89PNG", "image/png")
    assert (tmp_path / evidence.store(tmp_path, picture)).read_bytes() == picture.body


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    answer = seen(b"{}")
    path = tmp_path / evidence.store(tmp_path, answer)
    path.write_bytes(gzip.compress(b'{"forged": true}'))
    with pytest.raises(evidence.EvidenceDamaged):
        evidence.read(tmp_path, answer.sha256)
    path.write_bytes(b"no gzip")
    with pytest.raises(evidence.EvidenceDamaged):
        evidence.read(tmp_path, answer.sha256)


def test_absent_and_nonsense_hashes(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        evidence.read(tmp_path, "0" * 64)
    assert not evidence.exists(tmp_path, "0" * 64)
    with pytest.raises(ValueError):
        evidence.read(tmp_path, "../../etc/passwd")
