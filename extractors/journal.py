"""The journal of a look: what was asked, in which order, and what came of it. It is evidence itself.

Bodies alone do not say that a request was given up, that a page was opened without a login, or how long a
list was followed; a look could not be judged again without that. Bodies are named by their hashes.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from extractors.plan import Plan
from extractors.records import Seen, Subject

ROLE = "journal"

Entry = dict[str, Any]
BodyOf = Callable[[str], bytes]  # from the evidence store, by hash

_SUBJECT = TypeAdapter(Subject)


@dataclass(frozen=True, slots=True)
class Journal:
    """Who was looked at, for which plan, and what happened (``content``: its writer's own)."""

    subject: Subject
    plan: Plan
    content: Entry


def journal_of(journal: Journal, url: str) -> Seen:
    """The journal as evidence."""
    text = json.dumps(
        {
            "subject": _SUBJECT.dump_python(journal.subject, mode="json"),
            "plan": journal.plan.model_dump(mode="json", by_alias=True),
            **journal.content,
        },
        ensure_ascii=False,
        default=str,
    )
    return Seen(ROLE, url, None, "application/json", text.encode())


def read_journal(body: bytes) -> Journal:
    """Raises ``ValueError`` where the bytes are no journal."""
    content = json.loads(body)
    subject = _SUBJECT.validate_python(content.pop("subject"))
    return Journal(subject, Plan.model_validate(content.pop("plan")), content)


def entry_of(seen: Seen) -> Entry:
    """What is written of a response: everything but its body."""
    return {
        "role": seen.role,
        "url": seen.url,
        "status": seen.status,
        "media_type": seen.media_type,
        "server_date": seen.server_date.isoformat() if seen.server_date else None,
        "sha256": seen.sha256,
    }


def seen_again(entry: Entry, body_of: BodyOf) -> Seen:
    """The response as it was. Raises what ``body_of`` raises where its bytes are missing or damaged."""
    date = entry["server_date"]
    return Seen(
        entry["role"],
        entry["url"],
        entry["status"],
        entry["media_type"],
        body_of(entry["sha256"]),
        datetime.fromisoformat(date) if date else None,
    )
