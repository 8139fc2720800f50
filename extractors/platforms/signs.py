"""What a document shows when it is not the page that was asked for: captcha, login wall, block page. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from extractors.outcomes import Outcome
from extractors.platforms.reading import State
from extractors.records import Seen

_MOST_TEXT = 20_000  # signs stand near the top; the rest of a page is other people's words


@dataclass(frozen=True, slots=True)
class Sign:
    """All patterns given must be found. ``settle``: seconds it must stay before it is believed.

    Some walls go by themselves: Weibo's visitor page, a login dialog over a list that still comes.
    """

    outcome: Outcome
    detail: str
    host: str = ""
    path: str = ""
    title: str = ""
    text: str = ""
    html: str = ""
    settle: float = 1.0


# What a document's status alone says, where a platform does not say otherwise.
STATUS: Mapping[int, Outcome] = {
    401: Outcome.LOGIN_REQUIRED,
    404: Outcome.NOT_FOUND,
    410: Outcome.NOT_FOUND,
    429: Outcome.RATE_LIMITED,
}


def of_status(status: int | None, table: Mapping[int, Outcome]) -> State | None:
    """The state that an HTTP status stands for; ``None`` for success."""
    if status is None or status < 400:
        return None
    return table.get(status, STATUS.get(status, Outcome.UNREACHABLE)), f"HTTP {status}"


def first_sign(signs: Sequence[Sign], seen: Seen) -> Sign | None:
    """The first of ``signs`` that ``seen`` (an HTML document) shows."""
    html = seen.body.decode("utf-8", "replace")
    tree = LexborHTMLParser(html)
    title_node = tree.css_first("title")
    title = title_node.text() if title_node is not None else ""
    for node in tree.css("script, style, noscript, template"):
        node.decompose()
    text = (tree.body.text(separator=" ") if tree.body is not None else "")[:_MOST_TEXT]
    address = urlsplit(seen.url)
    places = {
        "host": address.hostname or "",
        "path": address.path,
        "title": title,
        "text": text,
        "html": html,
    }
    for sign in signs:
        wanted = {name: getattr(sign, name) for name in places if getattr(sign, name)}
        if all(re.search(pattern, places[name]) for name, pattern in wanted.items()):
            return sign
    return None


def document_sign(signs: Sequence[Sign], status: Mapping[int, Outcome], seen: Seen) -> Sign | None:
    """What an opened document shows besides the page asked for: by its signs, else by its status."""
    if (sign := first_sign(signs, seen)) is not None:
        return sign
    state = of_status(seen.status, status)
    return Sign(*state) if state else None


class NotAList(Exception):
    """An answer that is no JSON object: ``state`` says what it is instead."""

    def __init__(self, state: State) -> None:
        super().__init__(state[1])
        self.state = state


def read_object(
    seen: Seen, signs: Sequence[Sign], status: Mapping[int, Outcome], otherwise: Outcome
) -> dict[str, Any]:
    """The JSON object in ``seen``. Raises :class:`NotAList`; ``otherwise`` is what unreadable text means."""
    if (state := of_status(seen.status, status)) is not None:
        # An interface that is gone is not an account that is gone.
        raise NotAList((Outcome.LAYOUT_CHANGED, state[1]) if state[0] is Outcome.NOT_FOUND else state)
    if not seen.body.strip():
        raise NotAList((Outcome.SIGNATURE_REJECTED, "HTTP 200，内容为空"))
    try:
        value = json.loads(seen.body)
    except (ValueError, RecursionError):
        sign = first_sign(signs, seen)
        raise NotAList((sign.outcome, sign.detail) if sign else (otherwise, "应答不是 JSON")) from None
    if not isinstance(value, dict):
        raise NotAList((Outcome.LAYOUT_CHANGED, "应答不是 JSON 对象"))
    return value


def at(value: Any, *path: str) -> Any:
    """``value[path[0]][path[1]]…``, or ``None`` where there is no such thing."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def head(*texts: Any) -> str:
    """The first text that is not blank, on one line, at most 80 characters."""
    for text in texts:
        line = " ".join(text.split()) if isinstance(text, str) else ""
        if line:
            return line[:80]
    return ""


def count(value: Any) -> int | None:
    """A counter: ``1024``, ``"1024"`` or ``"1.3万"``."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([万亿wW]?)\+?", str(value or "").strip())
    if match is None:
        return None
    return int(float(match[1]) * {"": 1, "万": 10**4, "w": 10**4, "W": 10**4, "亿": 10**8}[match[2]])
