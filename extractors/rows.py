"""A visit as rows of the landing tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from extractors import EXTRACTOR_VERSION
from extractors.records import Seen, Subject, Visit

Rows = dict[str, list[dict[str, Any]]]

# The namespace of capture ids: fixed for ever, else the same look would get another id.
_CAPTURES = UUID("6f3c0f64-51f3-5b0e-9d0c-2a7c1b6f9e10")


def capture_id(run_id: str, subject_id: str, attempt: int) -> str:
    """The id of one look: the same look, spooled twice, is the same row."""
    return str(uuid5(_CAPTURES, f"{run_id}\n{subject_id}\n{attempt}"))


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and within what a look was made. ``at`` is when it began (UTC, the machine's clock)."""

    run_id: str
    period: str
    shard: str
    attempt: int
    at: datetime
    duration_ms: int


def rows_of(subject: Subject, visit: Visit, occasion: Occasion, stored: Iterable[tuple[Seen, str]]) -> Rows:
    """Rows for every landing table. ``stored``: what was seen, with its place in the evidence store."""
    look = {
        "capture_id": capture_id(occasion.run_id, subject.id, occasion.attempt),
        "run_id": occasion.run_id,
        "period": occasion.period,
        "extractor_version": EXTRACTOR_VERSION,
    }
    posts = [
        look
        | {"platform": subject.platform, "subject_id": subject.id, "seen_at": occasion.at}
        | _fields(
            post, "post_id published_at published_raw published_rule edited_at is_pinned is_repost "
            "is_deleted kind title url evidence_sha256",
        )
        for post in visit.posts
    ]  # fmt: skip
    items = [
        look
        | {"site_code": subject.id, "seen_at": occasion.at}
        | _fields(
            item, "page_kind column_name position url title claimed_date claimed_at claimed_raw "
            "claimed_rule evidence_sha256 article_sha256 article_title article_published_at "
            "article_published_on document_dated_on article_text_sha256",
        )
        for item in visit.items
    ]  # fmt: skip
    pages = [
        look
        | {"site_code": subject.id, "outcome": str(page.outcome)}
        | _fields(
            page, "page_kind column_name url final_url visited_at detail http_status items_seen pages "
            "oldest_date newest_date reached_end is_navigation evidence_sha256",
        )
        for page in visit.pages
    ]  # fmt: skip
    messages = [
        look
        | {"site_code": subject.id, "seen_at": occasion.at}
        | _fields(
            message, "page_kind column_name url message_id title asked_on replied_on status is_public_list "
            "evidence_sha256",
        )
        for message in visit.messages
    ]  # fmt: skip
    services = [
        look
        | {"site_code": subject.id, "seen_at": occasion.at}
        | _fields(service, "column_name item_name url elements_found elements_missing detail evidence_sha256")
        for service in visit.services
    ]
    menus = [
        look
        | {"platform": subject.platform, "subject_id": subject.id, "seen_at": occasion.at}
        | _fields(menu, "is_open entries has_interaction interaction identity_seen evidence_sha256")
        for menu in visit.menus
    ]
    evidence = {
        (seen.sha256, seen.role): look
        | {
            "subject_id": subject.id,
            "sha256": seen.sha256,
            "http_status": seen.status,
            "bytes": len(seen.body),
            "stored_path": path,
            "seen_at": occasion.at,
        }
        | _fields(seen, "role media_type url server_date")
        for seen, path in stored
    }
    capture = (
        look
        | {
            "shard": occasion.shard,
            "subject_kind": subject.kind,
            "subject_id": subject.id,
            "platform": subject.platform,
            "captured_at": occasion.at,
            "outcome": str(visit.outcome),
            "attempt": occasion.attempt,
            "duration_ms": occasion.duration_ms,
        }
        | _fields(
            visit, "channel url final_url server_date detail http_status identity_seen items_seen "
            "oldest_seen newest_seen reached_end evidence_sha256",
        )
    )  # fmt: skip
    return {
        "posts": posts,
        "site_items": items,
        "page_visits": pages,
        "site_messages": messages,
        "site_services": services,
        "account_menus": menus,
        "evidence": list(evidence.values()),
        "captures": [capture],
    }


def _fields(record: Any, names: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names.split()}
