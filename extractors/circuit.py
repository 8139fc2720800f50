"""The circuit of a platform: refused so many times in a row, nobody more is sent there in this run.

An open circuit is a file under ``data/circuits``: whichever process of the run comes next knows of it, and
``xunjian doctor`` can say so. The next run tries again; its first good look closes the circuit.
"""

from datetime import UTC, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from extractors.files import write_whole
from extractors.outcomes import BLOCKED, OK, Outcome
from settings import Settings


class Opened(BaseModel):
    """An open circuit: since when (UTC), in which run, by which refusal."""

    model_config = ConfigDict(frozen=True)

    run_id: str
    at: datetime
    outcome: Outcome

    @classmethod
    def read(cls, settings: Settings, platform: str) -> Self | None:
        """The platform's open circuit; ``None`` where it is closed."""
        try:
            return cls.model_validate_json((settings.circuits / f"{platform}.json").read_bytes())
        except (FileNotFoundError, ValidationError):
            return None


class Circuit:
    """One platform's circuit as one run sees it."""

    def __init__(self, settings: Settings, platform: str, run_id: str) -> None:
        self._settings = settings
        self._platform = platform
        self._run_id = run_id
        self._refused = 0  # blocked outcomes in a row

    @property
    def opened_by(self) -> Outcome | None:
        """The refusal that opened it in this run, in whichever process; ``None`` while it is closed."""
        opened = Opened.read(self._settings, self._platform)
        return opened.outcome if opened and opened.run_id == self._run_id else None

    def note(self, outcome: Outcome) -> None:
        """What a look came to. What concerns one account alone neither opens nor closes anything."""
        self._refused = self._refused + 1 if outcome in BLOCKED else 0
        path = self._settings.circuits / f"{self._platform}.json"
        if 0 < self._settings.circuit_after <= self._refused:
            opened = Opened(run_id=self._run_id, at=datetime.now(UTC), outcome=outcome)
            write_whole(path, opened.model_dump_json().encode())
        elif outcome in OK:
            path.unlink(missing_ok=True)
