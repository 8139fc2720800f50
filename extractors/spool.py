"""What a shard has done so far: one file a look, there whole or not at all, until the shard is landed.

``data/runs/<run_id>/<shard>/<capture_id>.json``. An interrupted shard goes on from here. The bytes seen wait
beside it, so that a look which was cut off leaves nothing in the evidence store.
"""

import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from extractors import evidence
from extractors.files import write_whole
from extractors.landing import SCHEMAS
from extractors.outcomes import Outcome
from extractors.records import Seen
from extractors.rows import Rows, capture_id
from extractors.shards import Shard, run_folder
from settings import Settings

# A first look, one more where it fell through; then by other ways, as long as nothing is proved.
OTHER_WAYS = (3, 4, 5)
# Not of the account's list but of its own menu.
MENU = 6
ATTEMPTS = (1, 2, *OTHER_WAYS, MENU)


class Spool:
    """The spool of one shard of one run."""

    def __init__(self, settings: Settings, run_id: str, shard: Shard) -> None:
        self._folder = run_folder(settings, run_id) / shard.name
        self._run_id = run_id
        self._shard = shard

    @property
    def evidence(self) -> Path:
        """A store like the evidence store, for the time until the shard is landed."""
        return self._folder / "evidence"

    def outcome(self, subject_id: str, attempt: int) -> Outcome | None:
        """What that look came to; ``None`` where it has not been made."""
        rows = self._read(self._file(subject_id, attempt))
        return Outcome(rows["captures"][0]["outcome"]) if rows else None

    def look(self, subject_id: str, attempt: int) -> Rows:
        """The rows of that look; none where it has not been made."""
        return self._read(self._file(subject_id, attempt))

    def seen(self, subject_id: str, role: str) -> Iterator[Seen]:
        """What was seen of a subject in ``role`` by the looks spooled so far."""
        looks = (self.look(subject_id, attempt) for attempt in ATTEMPTS)
        for row in (row for look in looks for row in look.get("evidence", [])):
            if row["role"] == role:
                body = evidence.read(self.evidence, row["sha256"])
                yield Seen(role, row["url"], row["http_status"], row["media_type"], body, row["server_date"])

    def add(self, subject_id: str, attempt: int, rows: Rows) -> None:
        content = json.dumps(rows, ensure_ascii=False, default=_as_text).encode()
        write_whole(self._file(subject_id, attempt), content)

    def rows(self) -> Rows:
        """Everything spooled, in the shard's own order."""
        tables: Rows = {table: [] for table in SCHEMAS}
        for attempt in ATTEMPTS:
            for subject in self._shard.subjects:
                for table, rows in self._read(self._file(subject.id, attempt)).items():
                    tables[table] += rows
        return tables

    def remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _file(self, subject_id: str, attempt: int) -> Path:
        return self._folder / f"{capture_id(self._run_id, subject_id, attempt)}.json"

    def _read(self, path: Path) -> Rows:
        try:
            content = json.loads(path.read_bytes())
        except FileNotFoundError:
            return {}
        return {
            table: [{name: _typed(table, name, value) for name, value in row.items()} for row in rows]
            for table, rows in content.items()
        }


def looks_done(settings: Settings, run_id: str, shard: Shard) -> int:
    """How many looks of an unfinished shard are spooled: for a progress bar."""
    return sum(1 for _ in (run_folder(settings, run_id) / shard.name).glob("*.json"))


def _as_text(value: Any) -> str:
    if isinstance(value, date):  # datetime is one too
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} 不能写入")


def _typed(table: str, name: str, value: Any) -> Any:
    """JSON knows no times: the table's schema says which texts are such."""
    kind = SCHEMAS[table].field(name).type
    if value is None or not isinstance(value, str):
        return value
    if pa.types.is_timestamp(kind):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if pa.types.is_date(kind) else value
