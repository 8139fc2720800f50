"""Object literals in a page's scripts, as values. Pure, and nothing is executed.

Government systems keep what a reader needs in them: ``window._CONFIG = { SID: '763001', TREE: [{…}] }``,
``jpage({ perPage: 15 })``. Unquoted names, single quotes, comments and trailing commas are usual; whatever is
not a literal (``parseInt('0') || 0``) reads as None.
"""

import re
from typing import Any

_DEEPEST = 60
_NAME = re.compile(r"[A-Za-z_$][\w$]*|\d+")
_BLANK = re.compile(r"(?:\s|//[^\n]*(?:\n|$)|/\*.*?\*/)*", re.S)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_CLOSERS = {"(": ")", "[": "]", "{": "}"}


def object_after(script: str, name: str) -> dict[str, Any] | None:
    """The first ``{…}`` that follows ``name`` and ``=``, ``:`` or ``(`` in ``script``; None where none does.

    A literal that is cut off or nested beyond reason is none.
    """
    start = 0
    while (start := script.find(name, start)) >= 0:
        start += len(name)
        opening = re.compile(r"\s*[=:(]\s*\{").match(script, start)
        if opening is None:
            continue
        try:
            value, _ = _Reader(script).value(opening.end() - 1, 0)
        except (ValueError, IndexError):
            return None
        return value if isinstance(value, dict) else None
    return None


class _Reader:
    """Reads one value at a place; gives it with the place after it. Raises ``ValueError``, ``IndexError``."""

    def __init__(self, text: str) -> None:
        self._text = text

    def value(self, at: int, depth: int) -> tuple[Any, int]:
        if depth > _DEEPEST:
            raise ValueError("nested too deeply")
        at = self._skip(at)
        match self._text[at]:
            case "{":
                return self._object(at + 1, depth + 1)
            case "[":
                return self._array(at + 1, depth + 1)
            case _:
                return self._scalar(at)

    def _object(self, at: int, depth: int) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        while self._text[at := self._skip(at)] != "}":
            if self._text[at] in "'\"":
                key, at = self._string(at)
            elif match := _NAME.match(self._text, at):
                key, at = match.group(), match.end()
            else:
                raise ValueError("no name")
            at = self._skip(at)
            if self._text[at] != ":":
                raise ValueError("no colon")
            found[key], at = self.value(at + 1, depth)
            at = self._past_comma(at)
        return found, at + 1

    def _array(self, at: int, depth: int) -> tuple[list[Any], int]:
        found: list[Any] = []
        while self._text[at := self._skip(at)] != "]":
            item, at = self.value(at, depth)
            found.append(item)
            at = self._past_comma(at)
        return found, at + 1

    def _scalar(self, at: int) -> tuple[Any, int]:
        """A string, number or word that is the whole value; an expression around it makes it None."""
        end = self._end_of_expression(at)
        written = self._text[at:end].strip()
        if written[:1] in ("'", '"'):
            string, after = self._string(at)
            return (string if self._skip(after) >= end else None), end
        if _NUMBER.fullmatch(written):
            return (float(written) if "." in written else int(written)), end
        return _WORDS.get(written), end

    def _string(self, at: int) -> tuple[str, int]:
        quote, parts = self._text[at], []
        at += 1
        while (character := self._text[at]) != quote:
            if character == "\\":
                at += 1
                character = self._text[at]
                if character == "u":
                    parts.append(chr(int(self._text[at + 1 : at + 5], 16)))
                    at += 5
                    continue
                character = _ESCAPES.get(character, character)
            parts.append(character)
            at += 1
        return "".join(parts), at + 1

    def _end_of_expression(self, at: int) -> int:
        open_brackets: list[str] = []
        while True:
            character = self._text[at]
            if character in "'\"":
                _, at = self._string(at)
                continue
            if not open_brackets and character in ",}]":
                return at
            if character in _CLOSERS:
                open_brackets.append(_CLOSERS[character])
            elif open_brackets and character == open_brackets[-1]:
                open_brackets.pop()
            at += 1

    def _past_comma(self, at: int) -> int:
        at = self._skip(at)
        return at + 1 if self._text[at] == "," else at

    def _skip(self, at: int) -> int:
        match = _BLANK.match(self._text, at)
        return match.end() if match else at
