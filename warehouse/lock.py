"""One writer of the working file at a time, and a message that says who it is.

DuckDB lets one process write, and a reader shuts the writer out too; so whoever opens the working file
holds this lock first. It must lie on a local disk: network file systems are careless with locks.
"""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from errors import UserError
from extractors.periods import SHANGHAI
from settings import Settings

# A load or a build of one city is over well within this.
WAIT_SECONDS = 60.0


class WarehouseBusy(UserError):
    """Another process holds the working file. The message names it."""


@contextmanager
def warehouse_lock(settings: Settings, purpose: str, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the right to open the working file. ``purpose`` is shown (in Chinese) to whoever waits.

    May be entered again by the thread that holds it. Raises :class:`WarehouseBusy` after ``wait_seconds``.
    """
    path = settings.warehouse_file.with_suffix(".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, is_singleton=True)
    # Beside the lock and not in it: some lock implementations truncate the file when they try.
    note = path.with_suffix(".lock.json")
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        raise WarehouseBusy(_who_holds(note)) from None
    try:
        if lock.lock_counter == 1:
            note.write_text(_describe(purpose), "utf-8")
        yield
    finally:
        if lock.lock_counter == 1:
            note.unlink(missing_ok=True)
        lock.release()


def _describe(purpose: str) -> str:
    holder = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "what": purpose,
        "since": datetime.now(SHANGHAI).isoformat(sep=" ", timespec="seconds"),
    }
    return json.dumps(holder, ensure_ascii=False)


def _who_holds(note: Path) -> str:
    try:
        holder = json.loads(note.read_text("utf-8"))
        who = f"{holder['host']} 上的进程 {holder['pid']}（{holder['what']}，自 {holder['since']} 起）"
    except (OSError, ValueError, KeyError, TypeError):  # let go, or still being written
        who = "另一个进程"
    return f"仓库正被{who}使用；请等它结束后再试"
