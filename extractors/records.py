"""The rows that captures leave, as types. Their columns are the landing tables' columns (landing.py)."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime

from extractors.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Column:
    """One registered column (栏目) of a website."""

    name: str
    column_class: str
    url: str
    update_within_days: int | None
    level: int = 1


@dataclass(frozen=True, slots=True)
class Subject:
    """What is inspected: one account, or one website with its columns.

    A ``canary`` is an account that is not inspected: it is looked at to see whether looking works. A ``menu``
    is an account of which not the list but the menu is looked at. A ``closed`` one is registered as closed:
    it is looked at to see whether it is gone.
    """

    kind: str  # "account" | "website" | "canary" | "menu" | "closed"
    id: str
    name: str
    platform: str | None  # None for a website
    uid: str  # platform_uid, or the site's 标识码
    url: str  # home page of a website; empty for an account (its platform knows where to go)
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """Bytes that were seen, kept as evidence. ``server_date`` is the response's own ``Date`` (UTC)."""

    role: str  # profile | list | window | page | article | menu | entry | screenshot | sample | journal
    url: str
    status: int | None
    media_type: str
    body: bytes
    server_date: datetime | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Post:
    """One publication of an account. Times are aware UTC; ``published_raw`` is what the page said."""

    post_id: str
    published_at: datetime
    published_raw: str
    published_rule: str  # which rule turned raw into published_at
    title: str  # head of the text, at most 80 characters
    url: str
    kind: str  # video | image_text | article | microblog | …
    is_pinned: bool = False
    is_repost: bool = False
    is_deleted: bool = False
    edited_at: datetime | None = None
    evidence_sha256: str = ""


@dataclass(frozen=True, slots=True)
class SiteItem:
    """One dated (or undated) row of a website's home page or column.

    A list shows a day: ``claimed_date`` (Asia/Shanghai). ``claimed_at`` is the article's own
    ``PubDate`` (UTC), known only where the article was opened, as are the ``article_…`` fields: what the
    article says of itself (:mod:`extractors.websites.articles`). Days are days in Asia/Shanghai.
    """

    page_kind: str  # home | column
    column_name: str  # "" for the home page
    position: int
    url: str
    title: str
    claimed_date: date | None
    claimed_raw: str
    claimed_rule: str
    claimed_at: datetime | None = None
    evidence_sha256: str = ""
    article_sha256: str | None = None
    article_title: str | None = None
    article_published_at: datetime | None = None
    article_published_on: date | None = None
    document_dated_on: date | None = None
    article_text_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class SiteMessage:
    """One public message of a consultation channel (W5), or the channel itself.

    Where ``is_public_list`` is false nothing can be read from outside: ``message_id`` is None, ``title`` is
    the channel's name and ``url`` its address. Days are days in Asia/Shanghai; no names of persons.
    """

    page_kind: str  # home (a link there) | consultation
    column_name: str
    url: str
    message_id: str | None
    title: str
    asked_on: date | None
    replied_on: date | None
    status: str  # as printed
    is_public_list: bool
    evidence_sha256: str


@dataclass(frozen=True, slots=True)
class SiteService:
    """One service item (W6). The elements are None where its guide was not read; ``detail`` says why."""

    column_name: str
    item_name: str
    url: str
    elements_found: list[str] | None
    elements_missing: list[str] | None
    detail: str
    evidence_sha256: str | None


@dataclass(frozen=True, slots=True)
class PageVisit:
    """One page of a website that was opened, whatever came of it."""

    page_kind: str  # home | column | article | consultation | service | guide
    column_name: str
    url: str
    final_url: str
    visited_at: datetime
    outcome: Outcome
    detail: str
    http_status: int | None
    items_seen: int = 0
    pages: int = 1
    oldest_date: date | None = None
    newest_date: date | None = None
    reached_end: bool = False
    is_navigation: bool = False
    evidence_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class AccountMenu:
    """One reading of an account's own menu (M3), as its owner's API gives it.

    ``entries`` is JSON: each leaf with its path, type, target, whether it is meant for interaction, and the
    HTTP status its target answered with. ``has_interaction``: a valid entry exists; ``None`` where only the
    client shows it. ``interaction`` names the valid entries, or else those that are to be tried by hand.
    """

    is_open: bool
    entries: str
    has_interaction: bool | None
    interaction: list[str]
    identity_seen: str | None
    evidence_sha256: str


@dataclass(slots=True)
class Visit:
    """What one look at one subject gave. ``seen`` holds the bytes, the rest was read from them.

    For an account ``oldest_seen``/``newest_seen`` are over *unpinned* posts and ``reached_end`` says
    that the platform itself declared the list finished: together they say how far the look reaches.
    """

    outcome: Outcome
    detail: str
    url: str
    final_url: str
    http_status: int | None
    channel: str
    identity_seen: str | None = None
    server_date: datetime | None = None
    items_seen: int = 0
    oldest_seen: datetime | None = None
    newest_seen: datetime | None = None
    reached_end: bool = False
    evidence_sha256: str | None = None
    posts: list[Post] = field(default_factory=list)
    items: list[SiteItem] = field(default_factory=list)
    messages: list[SiteMessage] = field(default_factory=list)
    services: list[SiteService] = field(default_factory=list)
    pages: list[PageVisit] = field(default_factory=list)
    menus: list[AccountMenu] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
