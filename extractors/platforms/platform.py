"""What a platform has to say for itself, so that one driver and one set of rules serve all four. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import dropwhile
from urllib.parse import urlsplit, urlunsplit

from extractors.outcomes import Outcome
from extractors.platforms.reading import ListPage, Profile, Reading, Strangers, cross_checked, judge
from extractors.platforms.signs import Sign, document_sign
from extractors.records import Seen


class Paging(Enum):
    """How a platform's own page is brought to ask for the next piece of its list."""

    SCROLL_GRID = "grid"  # scroll the list's own scrollable ancestor
    SCROLL_WINDOW = "window"
    FETCH = "fetch"  # a page of the backend asks for each piece by its address


@dataclass(frozen=True, slots=True)
class Start:
    """Where to go for an account, and the name of that way.

    ``before``: a page to open first, where the platform hands out what it wants to see on the next one.
    ``anonymous``: this way is gone without the login, even where there is one.
    ``keyed``: it is opened by a key of the account's own: who is refused there says nothing of the next.
    """

    url: str
    channel: str
    before: str = ""
    anonymous: bool = False
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform. Every function is pure: bytes and addresses in, values out.

    ``starts(uid, hosts)`` — the ways to go, the best first (a further one is gone only where those before it
    proved nothing); ``hosts``: where we are known, by the login state's cookies or the account's own key.
    ``role_of(url, request_body)`` — ``"profile"``, ``"list"``, ``"window"`` or ``None`` for a response.
    ``window_url(uid, after, until)`` — where the platform itself says what was published between two
    instants, in the list's own form (role ``window``); empty where it has no such question.
    ``grid``: a CSS selector inside the scrollable list (``SCROLL_GRID`` only).
    ``visitor_doubt``: why a list is incomplete without a login; empty where visitors see all of it.
    ``document_doubt``: the same, read from the opened document.
    """

    name: str
    paging: Paging
    strangers: Strangers
    signs: tuple[Sign, ...]
    status: Mapping[int, Outcome]
    starts: Callable[[str, frozenset[str]], tuple[Start, ...]]
    role_of: Callable[[str, str], str | None]
    profile: Callable[[Seen, str], Profile]
    list_page: Callable[[Seen, str], ListPage]
    grid: str = ""
    visitor_doubt: str = ""
    document_doubt: Callable[[Seen], str] = lambda _document: ""
    window_url: Callable[[str, datetime, datetime], str] = lambda _uid, _after, _until: ""

    def shows(self, document: Seen) -> Sign | None:
        """What the opened document shows besides an account: a captcha, a login wall, an error page."""
        return document_sign(self.signs, self.status, document)

    def read(self, uid: str, since: datetime, seen: Sequence[Seen], *, anonymous: bool) -> Reading:
        """Read everything that was ``seen`` (in order) of ``uid``: the same bytes always read the same."""
        documents = [item for item in seen if item.role == "page"]
        document = documents[-1] if documents else None
        profiles = [self._profile(item, uid) for item in seen if item.role == "profile"]
        known = [profile for profile in profiles if profile.ids] or profiles
        pages = [self._list_page(item, uid) for item in seen if item.role == "list"]
        windows = [self._list_page(item, uid) for item in seen if item.role == "window"]
        # A page that was refused and asked again by itself was answered in the end.
        answered = list(dropwhile(lambda page: page.state is not None, pages)) or pages[-1:]
        sign = self.shows(document) if document else None
        doubts = [self.visitor_doubt if anonymous else "", self.document_doubt(document) if document else ""]
        reading = judge(
            uid,
            since,
            known[-1] if known else None,
            answered,
            (sign.outcome, sign.detail) if sign else None,
            strangers=self.strangers,
            doubts=[doubt for doubt in doubts if doubt],
        )
        return cross_checked(reading, uid, since, windows)

    def _profile(self, seen: Seen, uid: str) -> Profile:
        try:
            return self.profile(seen, uid)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            return Profile(state=(Outcome.LAYOUT_CHANGED, f"主页资料读不懂：{type(error).__name__}"))

    def _list_page(self, seen: Seen, uid: str) -> ListPage:
        try:
            return self.list_page(seen, uid)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            return ListPage(state=(Outcome.LAYOUT_CHANGED, f"列表读不懂：{type(error).__name__}"))


# Parameters that open something, or follow a person about. Their names stay, their values do not.
_SECRET = re.compile(
    r"(?i)\b(token|access_token|secret|msToken|ticket|pass_ticket|key|uin|poc_token|captchaSession"
    r"|a_bogus|X-Bogus|__NS_\w+|webid|uifid|verifyFp|fp)=([^&#]*)"
)


def without_secrets(url: str) -> str:
    """``url`` as it may be kept: tokens and signatures blanked, no user name, no fragment."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, blanked(parts.query), ""))


def blanked(parameters: str) -> str:
    """A query, or a fragment that holds one, without the values that open something."""
    return _SECRET.sub(r"\1=-", parameters)
