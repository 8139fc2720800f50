"""What one visit came to, and the bytes that prove a failed one."""

import json
from dataclasses import dataclass

from extractors.probes.verdict import ProbeOutcome
from extractors.records import Seen


@dataclass(frozen=True, slots=True)
class Answer:
    """One visit. ``elapsed_ms`` runs from the first byte asked to the last byte of the page, redirects and
    script challenges included; ``None`` where nothing was asked."""

    outcome: ProbeOutcome
    detail: str
    status: int | None = None
    elapsed_ms: int | None = None
    final_url: str | None = None
    body: bytes = b""
    media_type: str = ""


def evidence_of(url: str, channel: str, at: str, answer: Answer) -> Seen:
    """The page that came in place of the site's; where none came, a record of what was tried and met.

    ``at`` is the moment of the visit as ISO text.
    """
    if answer.body:
        return Seen("probe", answer.final_url or url, answer.status, answer.media_type, answer.body)
    record = {
        "url": url,
        "channel": channel,
        "probed_at": at,
        "outcome": str(answer.outcome),
        "detail": answer.detail,
        "http_status": answer.status,
        "elapsed_ms": answer.elapsed_ms,
        "final_url": answer.final_url,
    }
    body = json.dumps(record, ensure_ascii=False, indent=1).encode()
    return Seen("probe", url, answer.status, "application/json", body)
