"""A look at an account, written down and made again from its evidence. Pure but for the bytes it asks for."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from extractors.journal import BodyOf, Entry, Journal, entry_of, journal_of, seen_again
from extractors.plan import Plan
from extractors.platforms import wechat_menu, wechat_owner
from extractors.platforms.catalogue import PLATFORMS
from extractors.platforms.look import Look
from extractors.platforms.platform import Start
from extractors.records import Seen, Subject, Visit


def journalled(look: Look, visit: Visit) -> Visit:
    """The visit with the journal of its look. A document is kept only where the list was not enough."""
    document = look.document
    content: Entry = {
        "kind": "account",
        "start": asdict(look.start),
        "anonymous": look.anonymous,
        "failure": look.failure,
        "seen": [entry_of(seen) for seen in look.seen],
        "document": entry_of(document) if document else None,
        "document_is_kept": document in visit.seen,
    }
    journal = journal_of(Journal(look.subject, look.plan, content), look.start.url)
    return replace(visit, seen=[*visit.seen, journal])


def menu_journalled(subject: Subject, plan: Plan, seen: Sequence[Seen], failure: str, visit: Visit) -> Visit:
    """The same of a look at an account's menu."""
    content: Entry = {"kind": "menu", "failure": failure, "seen": [entry_of(item) for item in seen]}
    journal = journal_of(Journal(subject, plan, content), wechat_owner.START.url)
    return replace(visit, seen=[*visit.seen, journal])


def look_again(journal: Journal, body_of: BodyOf) -> Visit:
    """What today's parser makes of a look that was made before; its evidence is not part of the visit."""
    content = journal.content
    if content["kind"] == "menu":
        seen = [seen_again(entry, body_of) for entry in content["seen"]]
        return wechat_menu.look(journal.subject, seen, content["failure"])
    document = content["document"]
    assert journal.subject.platform is not None
    look = Look(
        PLATFORMS[journal.subject.platform],
        journal.subject,
        journal.plan,
        Start(**content["start"]),
        anonymous=content["anonymous"],
        seen=[seen_again(entry, body_of) for entry in content["seen"]],
        document=seen_again(document, body_of) if document and content["document_is_kept"] else None,
        failure=content["failure"],
    )
    visit = look.visit(look.reading(), None)
    if document:
        visit = replace(visit, final_url=document["url"], http_status=document["status"])
    return visit
