"""Manners: one host never has two pages of ours open at once, whichever shard or process asks, and gets a
pause between two.

A turn is a lock file in the data folder, so it holds among all processes that share that folder. A tab has
the turn of one host at a time, never of two: nobody waits for another in a circle.
"""

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from filelock import AsyncFileLock

from settings import Settings

# Between two pages of one host, the share of what lies between two looks at a platform.
_SHARE_OF_PACE = 1 / 8


class HostTurn:
    """The one turn that a tab has, if any."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.root / "hosts"
        self._pause = settings.pace_seconds * _SHARE_OF_PACE
        self._lock: AsyncFileLock | None = None
        self._host = ""

    def is_for(self, url: str) -> bool:
        return self._lock is not None and self._host == host_of(url)

    async def take(self, url: str) -> None:
        """Wait for the turn of ``url``'s host. What the tab shows of another host must be gone before."""
        if self.is_for(url):
            await asyncio.sleep(self._pause * random.uniform(0.5, 1.5))  # noqa: S311
            return
        await self.give_back()
        host = host_of(url)
        self._folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(host.encode()).hexdigest()[:32]  # a name from outside is no file name
        lock = AsyncFileLock(
            self._folder / f"{name}.lock", thread_local=False, run_in_executor=False, poll_interval=0.1
        )
        await lock.acquire()
        self._lock, self._host = lock, host

    async def give_back(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            await lock.release()


@asynccontextmanager
async def host_turn(settings: Settings) -> AsyncIterator[HostTurn]:
    """A turn to be taken and changed; given back at the end, which should be after the page is closed."""
    turn = HostTurn(settings)
    try:
        yield turn
    finally:
        await turn.give_back()


def host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").rstrip(".").removeprefix("www.")
