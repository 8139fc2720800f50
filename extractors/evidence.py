"""The evidence store: the bytes that were seen, filed by their SHA-256, written once.

``data/evidence/<ab>/<sha256>.<ext>`` — text is gzipped (the same bytes give the same file), screenshots lie
as they are. The hash is that of the bytes seen, not of the compressed file.
"""

import gzip
import hashlib
import re
from collections.abc import Iterator
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
_SHA256 = re.compile(r"[0-9a-f]{64}")


class EvidenceDamaged(Exception):
    """A stored file is not what its name says."""


def store(root: Path, seen: Seen) -> str:
    """File ``seen`` under ``root``; returns its path relative to ``root``. Twice changes nothing."""
    sha256 = seen.sha256
    filed = _find(root, sha256)
    if filed is None:
        extension = _EXTENSION.get(seen.media_type.split(";")[0].strip().lower(), "bin")
        plain = extension in _STORED_PLAIN
        filed = root / sha256[:2] / (f"{sha256}.{extension}" if plain else f"{sha256}.{extension}.gz")
        write_whole(filed, seen.body if plain else gzip.compress(seen.body, mtime=0))
    return str(filed.relative_to(root))


def read(root: Path, sha256: str) -> bytes:
    """The bytes whose hash is ``sha256``.

    Raises ``FileNotFoundError`` where there are none, :class:`EvidenceDamaged` where the file has changed.
    """
    filed = _find(root, sha256)
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
    return _find(root, sha256) is not None


def stored_hashes(root: Path) -> Iterator[str]:
    """The hash of every file in the store, in the order of their folders."""
    for folder in sorted(root.glob("[0-9a-f][0-9a-f]")):
        for filed in sorted(folder.iterdir()):
            if not filed.name.startswith("."):
                yield filed.name.partition(".")[0]


def _find(root: Path, sha256: str) -> Path | None:
    if _SHA256.fullmatch(sha256) is None:
        raise ValueError("sha256 应为 64 位小写十六进制")
    return next(iter(sorted((root / sha256[:2]).glob(f"{sha256}.*"))), None)
