"""The evidence store: the bytes that were seen, filed by their SHA-256, written once.

``data/evidence/<ab>/<sha256>.<ext>`` — text is gzipped (the same bytes give the same file), screenshots lie
as they are. The hash is that of the bytes seen, not of the compressed file.
"""

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extractors.files import write_whole
from extractors.records import Seen

_EXTENSION = {
    "text/html": "html",
    "application/json": "json",
    "text/json": "json",
    "text/xml": "xml",
    "application/xml": "xml",
    "text/plain": "txt",
    "image/png": "png",
}
_STORED_PLAIN = frozenset({"png"})
_PIECE = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")


class EvidenceDamaged(Exception):
    """A stored file is not what its name says."""


def store(root: Path, seen: Seen) -> str:
    """File ``seen`` under ``root``; returns its path relative to ``root``. Twice changes nothing."""
    sha256 = seen.sha256
    filed = find(root, sha256)
    if filed is None:
        extension = _EXTENSION.get(seen.media_type.split(";")[0].strip().lower(), "bin")
        plain = extension in _STORED_PLAIN
        filed = root / sha256[:2] / (f"{sha256}.{extension}" if plain else f"{sha256}.{extension}.gz")
        write_whole(filed, seen.body if plain else gzip.compress(seen.body, mtime=0))
    return str(filed.relative_to(root))


def take_in(root: Path, staged: Path, sha256: str) -> str:
    """Move an object of the store ``staged`` into the store ``root``; returns its path there.

    Twice changes nothing. Raises ``FileNotFoundError`` where neither has it.
    """
    filed = find(root, sha256)
    if filed is None:
        waiting = find(staged, sha256)
        if waiting is None:
            raise FileNotFoundError(f"证据 {sha256} 不见了")
        filed = root / waiting.relative_to(staged)
        filed.parent.mkdir(parents=True, exist_ok=True)
        waiting.replace(filed)
    return filed.relative_to(root).as_posix()


def read(root: Path, sha256: str) -> bytes:
    """The bytes whose hash is ``sha256``.

    Raises ``FileNotFoundError`` where there are none, :class:`EvidenceDamaged` where the file has changed.
    """
    filed = find(root, sha256)
    if filed is None:
        raise FileNotFoundError(f"证据库中没有 {sha256}")
    raw = filed.read_bytes()
    try:
        body = gzip.decompress(raw) if filed.suffix == ".gz" else raw
    except (OSError, EOFError) as error:
        raise EvidenceDamaged(f"证据 {sha256} 的文件已损坏，无法解压") from error
    if hashlib.sha256(body).hexdigest() != sha256:
        raise EvidenceDamaged(f"证据 {sha256} 的内容与其哈希不符")
    return body


def exists(root: Path, sha256: str) -> bool:
    """Whether a file for ``sha256`` is there. It is not opened: :func:`read` verifies."""
    return find(root, sha256) is not None


def stored_files(root: Path) -> Iterator[Path]:
    """Every file in the store, in the order of their folders; one that is just being written is none yet."""
    for folder in sorted(root.glob("[0-9a-f][0-9a-f]")):
        for filed in sorted(folder.iterdir()):
            if not filed.name.startswith("."):
                yield filed


@dataclass(frozen=True, slots=True)
class Hashes:
    """Of a stored file: as it lies, and of the bytes that were seen (``None`` where they do not unpack)."""

    stored: str
    content: str | None


def hashes(path: Path) -> Hashes:
    """Both hashes in one reading, a piece at a time. Raises ``OSError`` where the file cannot be read."""
    stored, content = hashlib.sha256(), hashlib.sha256()
    unpack = zlib.decompressobj(wbits=31) if path.suffix == ".gz" else None
    whole = True
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            stored.update(piece)
            if not whole:
                continue
            try:
                for part in _unpacked(unpack, piece):
                    content.update(part)
            except zlib.error:
                whole = False
    whole = whole and (unpack is None or (unpack.eof and not unpack.unused_data))
    return Hashes(stored.hexdigest(), content.hexdigest() if whole else None)


def _unpacked(unpack: "zlib._Decompress | None", piece: bytes) -> Iterator[bytes]:
    """What a piece of a file unpacks to, never much of it at a time."""
    if unpack is None:
        yield piece
        return
    while piece:
        yield unpack.decompress(piece, _PIECE)
        piece = unpack.unconsumed_tail


def find(root: Path, sha256: str) -> Path | None:
    """The file in which the bytes whose hash is ``sha256`` lie."""
    if _SHA256.fullmatch(sha256) is None:
        raise ValueError("sha256 应为 64 位小写十六进制")
    return next(iter(sorted((root / sha256[:2]).glob(f"{sha256}.*"))), None)
