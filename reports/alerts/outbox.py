"""Sending by Apprise, and remembering what was sent. A channel's address is a secret: it is never written."""

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import apprise
import structlog
from filelock import FileLock
from tenacity import RetryError, Retrying, retry_if_result, stop_after_attempt, wait_exponential

from extractors.files import write_whole
from reports.alerts.message import Message
from settings import Settings

log = structlog.get_logger(__name__)

_ATTEMPTS = 3
# Their own log lines name hosts and paths, and a webhook's path is its password.
for _name in ("apprise", "urllib3"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of one message: how many channels took it now, had it already, or are dead."""

    sent: int = 0
    known: int = 0
    dead: int = 0

    def __add__(self, other: "Delivery") -> "Delivery":
        return Delivery(self.sent + other.sent, self.known + other.known, self.dead + other.dead)

    def __str__(self) -> str:
        words = [f"已发 {self.sent}"]
        words += [f"早已发过 {self.known}"] if self.known else []
        words += [f"未能送达 {self.dead}（下次再试）"] if self.dead else []
        return "，".join(words)


def deliver(settings: Settings, message: Message, channels: Sequence[str], pause: float = 1.0) -> Delivery:
    """Send ``message`` to each channel (an Apprise URL) that has not had it. Never raises for a dead channel.

    ``pause``: seconds before the second attempt, doubled before the third. Two steps of a run that fail at
    the same moment tell it in two processes: the second waits, and then knows.
    """
    told = Delivery()
    for channel in channels:
        record = _record(settings, message, channel)
        record.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(record.with_suffix(".lock")):
            told += _deliver(record, message, channel, pause)
    return told


def _deliver(record: Path, message: Message, channel: str, pause: float) -> Delivery:
    if record.exists():
        return Delivery(known=1)
    if _sent(message, channel, pause):
        write_whole(record, _content(message, channel))
        return Delivery(sent=1)
    log.error("alert_not_delivered", route=message.route, channel=kind_of(channel), key=message.key)
    return Delivery(dead=1)


def kind_of(channel: str) -> str:
    """The service alone, such as ``wecombot``: everything after it may be secret."""
    return urlsplit(channel).scheme or "?"


def _sent(message: Message, channel: str, pause: float) -> bool:
    sender = apprise.Apprise(asset=apprise.AppriseAsset(app_id="Xunjian", async_mode=False))
    if not sender.add(channel):
        return False
    try:
        return bool(
            Retrying(
                stop=stop_after_attempt(_ATTEMPTS),
                wait=wait_exponential(multiplier=pause),
                retry=retry_if_result(lambda taken: not taken),
            )(sender.notify, title=message.title, body=message.body, body_format=apprise.NotifyFormat.TEXT)
        )
    except RetryError:
        return False


def _record(settings: Settings, message: Message, channel: str) -> Path:
    name = hashlib.sha256(f"{message.key}\n{channel}".encode()).hexdigest()[:32]
    return settings.root / "alerts" / message.route / f"{name}.json"


def _content(message: Message, channel: str) -> bytes:
    record = {
        "key": message.key,
        "title": message.title,
        "channel": kind_of(channel),
        "sent_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"
