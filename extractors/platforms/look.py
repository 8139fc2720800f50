"""One look at one account: what has been seen so far, and the :class:`Visit` it becomes. Pure."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import parsedate_to_datetime

from extractors.outcomes import OK, Outcome
from extractors.plan import Plan
from extractors.platforms.channels import unmet
from extractors.platforms.platform import Platform, Start, without_secrets
from extractors.platforms.reading import Reading
from extractors.platforms.times import earliest
from extractors.records import Seen, Subject, Visit


@dataclass(slots=True)
class Look:
    """``seen`` grows; ``failure`` is what went wrong with the connection itself, if anything did."""

    platform: Platform
    subject: Subject
    plan: Plan
    start: Start
    anonymous: bool
    seen: list[Seen] = field(default_factory=list)
    document: Seen | None = None
    failure: str = ""

    @property
    def lists(self) -> int:
        return sum(item.role == "list" for item in self.seen)

    def reading(self) -> Reading:
        """What everything seen so far amounts to."""
        seen = [*self.seen, self.document] if self.document else self.seen
        reading = self.platform.read(self.subject.uid, self.plan.since, seen, anonymous=self.anonymous)
        if reading.wants_more and not self.plan.wants_history and not self.unmet(reading):
            # Whether it has updated was all that was asked.
            reading = replace(reading, wants_more=False)
        if not self.failure:
            return reading
        if reading.posts or reading.outcome is not Outcome.LAYOUT_CHANGED:
            # Cut off half-way: what came before stays true.
            if reading.outcome is not Outcome.OK_PARTIAL:
                return reading
            detail = "；".join(part for part in (reading.detail, self.failure) if part)
            return replace(reading, detail=detail, wants_more=False)
        return Reading(Outcome.UNREACHABLE, self.failure)

    def visit(self, reading: Reading, screenshot: Seen | None) -> Visit:
        """The look as it is kept: the document only where the list did not tell everything."""
        kept = list(self.seen)
        if self.document is not None and reading.outcome is not Outcome.OK_COMPLETE:
            kept.append(self.document)
        main = next((item for item in kept if item.role == "list"), self.document)
        if screenshot is not None:
            kept.append(screenshot)
        shown = self.document or main
        return Visit(
            outcome=reading.outcome,
            detail=reading.detail,
            url=self.start.url,
            final_url=shown.url if shown else self.start.url,
            http_status=shown.status if shown else None,
            channel=f"{self.start.channel}{':anonymous' if self.anonymous else ''}",
            identity_seen=reading.identity_seen,
            server_date=main.server_date if main else None,
            items_seen=reading.items_seen,
            oldest_seen=reading.oldest,
            newest_seen=reading.newest,
            reached_end=reading.reached_end,
            evidence_sha256=main.sha256 if main in kept and main else None,
            posts=list(reading.posts),
            seen=kept,
        )

    def needs_screenshot(self, reading: Reading) -> bool:
        """A picture is kept of whatever was not read as asked, and of whatever may be found not updated."""
        read_as_asked = {Outcome.OK_COMPLETE} if self.plan.wants_history else OK
        return reading.outcome not in read_as_asked or bool(self.unmet(reading))

    def unmet(self, reading: Reading) -> list[datetime]:
        """The monitoring points before which nothing was seen in the window."""
        spans = [
            (earliest(post.published_at, post.published_raw, post.published_rule), post.published_at)
            for post in reading.posts
            if not post.is_deleted
        ]
        return unmet(spans, self.plan.monitoring_points)


def answer(
    role: str, url: str, status: int | None, headers: dict[str, str], body: bytes, media_type: str = ""
) -> Seen:
    """A response as it is kept: secrets out of its address, its own clock beside it."""
    return Seen(
        role=role,
        url=without_secrets(url),
        status=status,
        media_type=media_type or headers.get("content-type", "application/octet-stream"),
        body=body,
        server_date=_date(headers.get("date")),
    )


def _date(header: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(header or "")
    except ValueError:
        return None
    return date if date.tzinfo is not None else None
