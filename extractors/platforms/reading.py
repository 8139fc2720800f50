"""From answers to an outcome: the rules that hold on every platform, in one place. Pure.

A platform turns each response body into a :class:`Profile` or a :class:`ListPage`; :func:`judge` folds
these into a :class:`Reading`. Only a list that was answered well, belongs to the registered id, and reaches
back past ``since`` or to the platform's own end marker is ``ok_complete``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from itertools import pairwise

from extractors.outcomes import Outcome
from extractors.periods import SHANGHAI
from extractors.records import Post

State = tuple[Outcome, str]

# What is true of the account itself, whatever else an answer may say.
_OF_THE_ACCOUNT = frozenset({Outcome.ACCOUNT_GONE, Outcome.PRIVATE, Outcome.NOT_FOUND})
# A page that shows one of these explains a refused list better than the refusal does.
_EXPLAINS = _OF_THE_ACCOUNT | {Outcome.CAPTCHA}
# Scheduled posts may stand a few hours out of line; anything beyond is another order than newest first.
_OUT_OF_LINE = timedelta(days=1)


class Strangers(Enum):
    """What other authors mean among an account's own items. (Alone, they are never the account.)"""

    MISMATCH = "mismatch"  # recommendations are mixed in: the list is not the account's
    LEFT_OUT = "left_out"  # works made with others: not counted, and the list is no longer the whole truth
    REPOSTS = "reposts"  # passed on with one click


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a list: its author, and the post — ``None`` where it is not public or not a post.

    ``link``: the public page of an item of which the list does not tell whether or when it was published.
    """

    author: str | None
    post: Post | None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """``ids``: every id that the profile gives for its owner; ``works``: public works by its counter."""

    ids: frozenset[str] = frozenset()
    works: int | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class ListPage:
    """One answer of the list. ``state`` is set where the answer is no list.

    ``end``: the platform itself says that nothing follows. ``doubts``: why it may not be the whole list.
    ``identity``: the id asked for, where items need not name their author. ``total``: the list's own count.
    """

    state: State | None = None
    entries: tuple[Entry, ...] = ()
    end: bool = False
    doubts: tuple[str, ...] = ()
    identity: str | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the answers so far amount to. ``oldest``/``newest`` are over unpinned posts (UTC).

    ``wants_more``: the list goes on and does not reach back far enough yet.
    """

    outcome: Outcome
    detail: str
    posts: tuple[Post, ...] = ()
    identity_seen: str | None = None
    oldest: datetime | None = None
    newest: datetime | None = None
    items_seen: int = 0
    reached_end: bool = False
    wants_more: bool = False


def judge(
    uid: str,
    since: datetime,
    profile: Profile | None,
    pages: Sequence[ListPage],
    page_state: State | None,
    *,
    strangers: Strangers,
    doubts: Iterable[str] = (),
) -> Reading:
    """What ``pages`` (in order), the profile and the page itself say about ``uid``.

    ``page_state`` is what the opened document shows besides an account; it speaks only where the list is
    missing or refused. ``doubts`` are reasons known beforehand why the list may be incomplete.
    """
    profile = profile or Profile()
    if (refused := _refused(profile, pages, page_state)) is not None:
        return Reading(*refused)
    good, broken = _answered(pages)
    if not any(page.entries for page in good):
        return _empty(uid, profile, good[0], broken, list(doubts))
    allowed = {uid} | (profile.ids if uid in profile.ids else frozenset())
    entries = _once(entry for page in good for entry in page.entries)
    own = [entry for entry in entries if entry.author in allowed]
    others = [e for e in entries if e.author is not None and e.author not in allowed]
    unasked = [entry for entry in others if not (entry.post and entry.post.is_repost)]
    if unasked and (not own or strangers is Strangers.MISMATCH):
        return _mismatch(uid, "列表作者", unasked[0].author, len(entries))
    identity = _identity(uid, profile, own, good)
    if identity not in (uid, None):
        return _mismatch(uid, "主页账号", identity, len(entries))
    doubt = [*doubts, *(text for page in good for text in page.doubts)]
    if identity is None:
        doubt.append("列表和主页都没有可核对的账号标识")
    if unasked and strangers is Strangers.LEFT_OUT:
        doubt.append(f"混有其他作者的 {len(unasked)} 条，未计入")
    line = [
        entry.post
        for entry in entries
        if entry.post and not entry.post.is_pinned and (entry.author is None or entry.author in allowed)
    ]
    if any(b.published_at - a.published_at > _OUT_OF_LINE for a, b in pairwise(line)):
        doubt.append("除置顶外，列表不是由新到旧")
    # Not "any old item": one that stands among newer ones (an unmarked pinned item) must not end the look.
    reaches = bool(line) and line[-1].published_at < since
    end = good[-1].end and not broken
    if not reaches:  # a page that asks for more than is needed may be refused it
        doubt += broken
    if not (reaches or end):
        doubt.append(f"列表没有读到 {since.astimezone(SHANGHAI):%Y-%m-%d} 以前，也没有到底")
    posts = _posts(entries, allowed, strangers)
    return Reading(
        Outcome.OK_PARTIAL if doubt else Outcome.OK_COMPLETE,
        "；".join(dict.fromkeys(doubt)),
        posts,
        identity,
        min((post.published_at for post in line), default=None),
        max((post.published_at for post in line if not post.is_deleted), default=None),
        len(entries),
        end,
        wants_more=not (reaches or end or broken),
    )


def cross_checked(reading: Reading, uid: str, since: datetime, windows: Sequence[ListPage]) -> Reading:
    """A whole list held against the platform's own answer to "what was published in the window?".

    What only the window knows shows that the list left something out. A window that was refused takes
    nothing away from the list; it is said.
    """
    if reading.outcome is not Outcome.OK_COMPLETE or not windows:
        return reading
    known = {post.post_id for post in reading.posts}
    missed = [
        entry.post
        for entry in _once(entry for page in windows for entry in page.entries)
        if entry.post is not None
        and entry.post.post_id not in known
        and entry.post.published_at >= since
        and (entry.author in (uid, None) or entry.post.is_repost)
    ]
    if missed:
        return replace(
            reading,
            outcome=Outcome.OK_PARTIAL,
            detail=f"窗口查询给出列表中没有的 {len(missed)} 条",
            posts=(*reading.posts, *missed),
        )
    refused = [f"{page.state[0].zh}（{page.state[1]}）" for page in windows if page.state]
    return replace(reading, detail=f"窗口查询未能核对：{refused[0]}") if refused else reading


def _refused(profile: Profile, pages: Sequence[ListPage], page_state: State | None) -> State | None:
    """The state that stands in the place of a list, or ``None`` where there is one."""
    first = pages[0] if pages else None
    if first is not None and first.state is None and first.entries:
        return None
    if profile.state and profile.state[0] in _OF_THE_ACCOUNT:
        return profile.state
    if first is None:
        return page_state or profile.state or (Outcome.LAYOUT_CHANGED, "页面已打开，但没有请求列表")
    if page_state and page_state[0] in _EXPLAINS:
        return page_state
    return first.state


def _once(entries: Iterable[Entry]) -> list[Entry]:
    """A page that asks twice, or repeats its pinned items further down, does not lengthen the list."""
    seen: set[str] = set()
    kept = []
    for entry in entries:
        if entry.post is None or entry.post.post_id not in seen:
            kept.append(entry)
        if entry.post is not None:
            seen.add(entry.post.post_id)
    return kept


def _answered(pages: Sequence[ListPage]) -> tuple[list[ListPage], list[str]]:
    """The pages that were answered well, and why it went no further (nothing where it did not break off)."""
    first, *rest = pages
    good = [first]
    for number, page in enumerate(rest, 2):
        if page.state is not None:
            return good, [f"第 {number} 页：{page.state[0]} {page.state[1]}".rstrip()]
        if not page.entries and not page.end:
            return good, [f"第 {number} 页为空，却没有到底"]
        good.append(page)
    return good, []


def _empty(uid: str, profile: Profile, first: ListPage, broken: list[str], doubts: list[str]) -> Reading:
    """An empty list is an idle account only where its counter says 0 and the list says that it ended."""
    works = profile.works if profile.works is not None else first.total
    if not first.end:
        return Reading(Outcome.RATE_LIMITED, "列表为空，却说还有更多")
    if works != 0:
        known = "作品数未知" if works is None else f"作品数为 {works}"
        return Reading(Outcome.SIGNATURE_REJECTED, f"列表为空，而{known}")
    identity = _identity(uid, profile, [], [first])
    if identity is None:
        return Reading(Outcome.OK_PARTIAL, "列表为空，也没有可核对的账号标识")
    if identity != uid:
        return _mismatch(uid, "主页账号", identity, 0)
    doubts = [*doubts, *first.doubts, *broken]
    outcome = Outcome.OK_PARTIAL if doubts else Outcome.OK_COMPLETE
    return Reading(outcome, "；".join(doubts) or "作品数为 0", identity_seen=uid, reached_end=True)


def _identity(uid: str, profile: Profile, own: Sequence[Entry], pages: Sequence[ListPage]) -> str | None:
    if own or uid in profile.ids or any(page.identity == uid for page in pages):
        return uid
    return next(iter(sorted(profile.ids)), None)


def _mismatch(uid: str, whose: str, seen: str | None, items: int) -> Reading:
    detail = f"{whose} {seen} 不是台账中的 {uid}"
    return Reading(Outcome.IDENTITY_MISMATCH, detail, identity_seen=seen, items_seen=items)


def _posts(entries: Sequence[Entry], allowed: set[str], strangers: Strangers) -> tuple[Post, ...]:
    posts = []
    for author, post in ((entry.author, entry.post) for entry in entries):
        foreign = author is not None and author not in allowed
        if post is None or (foreign and not post.is_repost and strangers is Strangers.LEFT_OUT):
            continue
        posts.append(replace(post, is_repost=True) if foreign else post)
    return tuple(posts)
