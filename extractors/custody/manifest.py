"""One manifest a seal: JSON lines, a head and one line a file, in a folder where each names the one before.

``data/evidence/manifests/000012-<run_id>.jsonl``. The head (first line) holds the SHA-256 of the manifest
before, so none can be changed or taken out unnoticed; ``SHA256SUMS`` beside them lists all of them in order,
in the form that ``sha256sum -c`` reads. Every ``path`` is relative to the data directory.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from settings import Settings

SUMS = "SHA256SUMS"
LOCK = ".lock"
PATTERN = "[0-9]*-*.jsonl"

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """One line of ``SHA256SUMS``: a manifest and what its bytes hash to."""

    sha256: str
    name: str


def manifests(settings: Settings) -> Path:
    """The folder of the manifests: beside the evidence, since they go where it goes."""
    return settings.evidence / "manifests"


def links(folder: Path) -> list[Link]:
    """The chain as ``SHA256SUMS`` tells it, oldest first; a line that is none is left out."""
    try:
        text = (folder / SUMS).read_text("utf-8", errors="replace")
    except FileNotFoundError:
        return []
    parts = [line.split("  ", 1) for line in text.splitlines()]
    return [Link(part[0], part[1]) for part in parts if len(part) == 2]


def encode(line: Line) -> bytes:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_head(path: Path) -> Line:
    """The first line of a manifest; empty where it cannot be read as such."""
    with path.open("rb") as stream:
        return decode(stream.readline()) or {}


def read_lines(path: Path) -> Iterator[tuple[int, Line | None]]:
    """Every line with its number, from 1; ``None`` where it is no JSON object."""
    with path.open("rb") as stream:
        for number, raw in enumerate(stream, start=1):
            yield number, decode(raw)


def decode(raw: bytes) -> Line | None:
    try:
        line = json.loads(raw)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def write_lines(path: Path, lines: Iterable[Line]) -> str:
    """Write the lines as they come to ``path``, which the caller renames; returns their SHA-256."""
    hashed = hashlib.sha256()
    with path.open("wb") as stream:
        for line in lines:
            raw = encode(line)
            hashed.update(raw)
            stream.write(raw)
    return hashed.hexdigest()


def file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
