"""What a state is made of."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Fault(Enum):
    """Answers that are none."""

    DROP = "drop"  # the connection is cut
    SILENCE = "silence"  # it stays open, nothing comes


@dataclass(frozen=True)
class Reply:
    """Shown instead of the truth: ``template`` (a page) or ``body`` (HTML text, or JSON)."""

    body: str | dict[str, Any] = ""
    status: int = 200
    template: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    until_cookie: str = ""  # a challenge: whoever brings this cookie sees the truth
    fault: Fault | None = None


# Where an account can be met. 快手's live site is a place of its own, which the others do not cover.
PLACES = ("page", "profile", "list", "window", "article", "live_page", "live_profile", "live_list")

# Or the truth, changed: takes the true body (HTML text or JSON), gives what is seen.
Change = Callable[[Any], Any]


@dataclass(frozen=True)
class State:
    """``at``: place (:data:`PLACES`; any, home, column of a website) → what is seen there.

    A place may have a more particular name beside it: ``next_list``, ``desktop_list``.
    """

    zh: str
    means: tuple[str, ...]
    at: Mapping[str, Reply | Change]


def merged(**changes: Any) -> Change:
    """The true JSON with some keys of it (one level of nesting) set otherwise."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        changed = deepcopy(body)
        for key, value in changes.items():
            if isinstance(value, dict) and isinstance(changed.get(key), dict):
                changed[key].update(value)
            else:
                changed[key] = value
        return changed

    return change


def everywhere(reply: Reply) -> dict[str, Reply | Change]:
    """The same answer wherever an account can be met."""
    return dict.fromkeys(PLACES, reply)


DROPPED = Reply(fault=Fault.DROP)
SILENT = Reply(fault=Fault.SILENCE)
UNREACHABLE = State("连接被断开", ("unreachable",), everywhere(DROPPED))
TIMEOUT = State("一直没有应答", ("unreachable",), everywhere(SILENT))
