"""Manners towards a platform: one page at a time, at a walking pace, so many looks a day.

Kept in files under ``data/manners``, so that every process of this machine keeps to them, whichever run it
belongs to. The lock is the kernel's: it is free again when its holder dies.
"""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from filelock import AsyncFileLock

from extractors.files import write_whole
from extractors.periods import SHANGHAI
from settings import Settings

_ASK_AGAIN_SECONDS = 0.2


class EnoughForToday(Exception):
    """The day's looks at this platform are used up. The message is for a person."""


@dataclass(frozen=True, slots=True)
class _Visits:
    """``day``: in Asia/Shanghai; ``looks``: made on it; ``ended_at``: when the last one ended (epoch s)."""

    day: str = ""
    looks: int = 0
    ended_at: float = 0.0


class Manners:
    """How this machine behaves towards one platform."""

    def __init__(self, settings: Settings, platform: str) -> None:
        self._settings = settings
        self._platform = platform
        self._file = settings.manners / f"{platform}.json"

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """The right to look at one account now: waits for others to end, and for the pace.

        Raises :class:`EnoughForToday` where the daily cap is reached.
        """
        self._file.parent.mkdir(parents=True, exist_ok=True)
        lock = AsyncFileLock(
            self._file.with_suffix(".lock"),
            thread_local=False,
            run_in_executor=False,
            poll_interval=_ASK_AGAIN_SECONDS,
        )
        async with lock:
            before = self._visits()
            self._check_cap(before)
            await asyncio.sleep(self._wait_seconds(before))
            try:
                yield
            finally:
                self._note(before)

    def looks_today(self) -> int:
        visits = self._visits()
        return visits.looks if visits.day == _today() else 0

    def _check_cap(self, visits: _Visits) -> None:
        cap = self._settings.daily_cap
        if cap and visits.day == _today() and visits.looks >= cap:
            raise EnoughForToday(
                f"今天对该平台已看 {visits.looks} 次，达到每日上限（XUNJIAN_DAILY_CAP={cap}）；"
                "余下的未看，明天再次运行同一命令接着采"
            )

    def _wait_seconds(self, visits: _Visits) -> float:
        """From the end of the last look. A clock that was set back does not make anybody wait for ever."""
        jitter = self._settings.pace_jitter
        pace = self._settings.pace_seconds * random.uniform(1 - jitter, 1 + jitter)  # noqa: S311
        return min(pace, max(0.0, visits.ended_at + pace - time.time()))

    def _note(self, before: _Visits) -> None:
        today = _today()
        looks = before.looks + 1 if before.day == today else 1
        write_whole(self._file, json.dumps(asdict(_Visits(today, looks, time.time()))).encode())

    def _visits(self) -> _Visits:
        try:
            return _Visits(**json.loads(self._file.read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return _Visits()


def _today() -> str:
    return datetime.now(UTC).astimezone(SHANGHAI).date().isoformat()
