"""A look at a website, written down call by call, and the same calls answered again from its evidence.

The look itself (visit.py) is one and the same: it asks a tab, whichever of the three it is.
"""

from collections import defaultdict, deque
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from extractors.journal import BodyOf, Entry, Journal, entry_of, seen_again
from extractors.outcomes import Outcome
from extractors.platforms.platform import blanked, without_secrets
from extractors.records import Seen
from extractors.websites.pages import HtmlPage, decode
from extractors.websites.tab import Loaded, NotLoaded

_NOT_KEPT = "重新解析时没有这一页的存证"


class SiteTab(Protocol):
    """What a look asks of a tab. ``clock`` says when the next page of that address began to be opened."""

    @property
    def failed_calls(self) -> list[str]: ...

    def clock(self, url: str, /) -> datetime: ...

    async def load(self, url: str, role: str, *, data: bool = False) -> Loaded: ...

    async def settled(self, before: Loaded) -> Loaded: ...

    def shows(self, loaded: Loaded) -> bool: ...

    async def turned(self, before: Loaded) -> tuple[Loaded | None, bool]: ...

    async def screenshot(self, role: str, /) -> Seen | None: ...


class Recorder:
    """A tab whose every answer is written down. ``seen`` is all that came, whatever was made of it."""

    def __init__(self, tab: SiteTab) -> None:
        self._tab = tab
        self.calls: list[Entry] = []
        self.seen: list[Seen] = []

    @property
    def failed_calls(self) -> list[str]:
        return self._tab.failed_calls

    def clock(self, url: str) -> datetime:
        now = self._tab.clock(url)
        self.calls.append({"call": f"clock {_address(url)}", "at": now.isoformat()})
        return now

    async def load(self, url: str, role: str, *, data: bool = False) -> Loaded:
        call = f"load {role} {_address(url)}"
        try:
            return self._answered(call, await self._tab.load(url, role, data=data))
        except NotLoaded as error:
            self.calls.append({"call": call, "outcome": str(error.outcome), "detail": error.detail})
            raise

    async def settled(self, before: Loaded) -> Loaded:
        after = await self._tab.settled(before)
        return self._answered(_of("settled", before), after)

    def shows(self, loaded: Loaded) -> bool:
        shown = self._tab.shows(loaded)
        self.calls.append({"call": _of("shows", loaded), "shown": shown})
        return shown

    async def turned(self, before: Loaded) -> tuple[Loaded | None, bool]:
        after, ends = await self._tab.turned(before)
        if after is None:
            self.calls.append({"call": _of("turned", before), "ends": ends})
            return None, ends
        return self._answered(_of("turned", before), after), ends

    async def screenshot(self, role: str) -> Seen | None:
        return await self._tab.screenshot(role)

    def _answered(self, call: str, loaded: Loaded) -> Loaded:
        self.calls.append(
            {
                "call": call,
                "page_url": _address(loaded.page.url),
                "loaded": entry_of(loaded.seen),
                "page_status": loaded.status,
                "read_at": loaded.read_at.isoformat(),
                "failed_calls": list(self._tab.failed_calls),
            }
        )
        if loaded.seen not in self.seen:
            self.seen.append(loaded.seen)
        return loaded


class Replayer:
    """The tab of a look that was made before: the same call gets the same answer, without a network.

    A call that was not made then, which another parser may make now, is answered as a page that did not come.
    """

    def __init__(self, journal: Journal, body_of: BodyOf, began_at: datetime) -> None:
        self._body_of = body_of
        self._began_at = began_at
        self._answers: dict[str, deque[Entry]] = defaultdict(deque)
        for call in journal.content["calls"]:
            self._answers[call["call"]].append(call)
        self.failed_calls: list[str] = []

    def clock(self, url: str) -> datetime:
        answer = self._next(f"clock {_address(url)}")
        return datetime.fromisoformat(answer["at"]) if answer else self._began_at

    async def load(self, url: str, role: str, *, data: bool = False) -> Loaded:  # noqa: ARG002
        answer = self._next(f"load {role} {_address(url)}")
        if answer is None:
            raise NotLoaded(Outcome.UNREACHABLE, _NOT_KEPT)
        if "outcome" in answer:
            raise NotLoaded(Outcome(answer["outcome"]), answer["detail"])
        return self._loaded(answer)

    async def settled(self, before: Loaded) -> Loaded:
        answer = self._next(_of("settled", before))
        return before if answer is None else self._loaded(answer)

    def shows(self, loaded: Loaded) -> bool:
        answer = self._next(_of("shows", loaded))
        return answer is not None and answer["shown"]

    async def turned(self, before: Loaded) -> tuple[Loaded | None, bool]:
        answer = self._next(_of("turned", before))
        if answer is None or "ends" in answer:
            return None, answer is not None and answer["ends"]
        return self._loaded(answer), False

    async def screenshot(self, _role: str) -> Seen | None:
        return None  # pictures stay as they were taken

    def _next(self, call: str) -> Entry | None:
        answers = self._answers[call]
        # The last answer stands for any further asking: a parser may read a page once more.
        if len(answers) > 1:
            return answers.popleft()
        return answers[0] if answers else None

    def _loaded(self, answer: Entry) -> Loaded:
        self.failed_calls[:] = answer["failed_calls"]
        seen = seen_again(answer["loaded"], self._body_of)
        page = HtmlPage(answer["page_url"], decode(seen.body, seen.media_type))
        return Loaded(seen, page, answer["page_status"], datetime.fromisoformat(answer["read_at"]))


def _of(call: str, page: Loaded) -> str:
    return f"{call} {page.seen.role} {_address(page.page.url)}"


def _address(url: str) -> str:
    """A page's address without secrets, but with its fragment: a site of scripts tells its pages by it."""
    fragment = urlsplit(url).fragment
    return f"{without_secrets(url)}#{blanked(fragment)}" if fragment else without_secrets(url)
