"""公众号's own menu (自定义菜单), as ``get_current_selfmenu_info`` gives it to its owner. Pure.

For M3 (未提供有效互动功能): is there an entry by which the public can write, ask or do something? A menu
is drawn nowhere but in the chat page of a follower's client, so only the owner can have it read.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from extractors.outcomes import Outcome
from extractors.platforms.reading import State
from extractors.platforms.signs import NotAList, at, head, read_object
from extractors.platforms.wechat import refusal
from extractors.records import Seen

_INTERACTION = re.compile(r"信箱|留言|咨询|互动|投诉|建议|办事|征集|(?<!\d)12345(?!\d)")
_OPENED = "view"  # the one kind of entry that anybody can try; what a click answers shows only in the client


@dataclass(frozen=True, slots=True)
class Entry:
    """One leaf of the menu. ``path``: its names from the top, joined by ``/``; ``target``: url, key, text."""

    path: str
    kind: str
    target: str

    @property
    def is_interaction(self) -> bool:
        name = self.path.rpartition("/")[2]
        return bool(_INTERACTION.search(name) or _INTERACTION.search(self.target))


@dataclass(frozen=True, slots=True)
class Menu:
    """``state`` is set where the answer is no menu."""

    state: State | None = None
    is_open: bool = False
    entries: tuple[Entry, ...] = ()

    @property
    def to_try(self) -> list[str]:
        """The addresses whose answer decides whether an entry is a valid one."""
        return [entry.target for entry in self.entries if entry.is_interaction and entry.kind == _OPENED]

    def has_interaction(self, answered: Mapping[str, int | None]) -> bool | None:
        """Whether a valid entry exists; ``answered``: HTTP status by address. ``None``: try it by hand."""
        chosen = [entry for entry in self.entries if entry.is_interaction] if self.is_open else []
        if any(entry.kind == _OPENED and answered.get(entry.target) == 200 for entry in chosen):
            return True
        return None if any(entry.kind != _OPENED for entry in chosen) else False

    def as_json(self, answered: Mapping[str, int | None]) -> str:
        entries = [
            {"path": entry.path, "type": entry.kind, "target": entry.target,
             "is_interaction": entry.is_interaction, "status": answered.get(entry.target)}
            for entry in self.entries
        ]  # fmt: skip
        return json.dumps(entries, ensure_ascii=False)


def read_menu(seen: Seen) -> Menu:
    """``is_menu_open`` and ``selfmenu_info.button``. Without these keys nothing is known of the menu."""
    try:
        body = read_object(seen, (), {}, Outcome.LAYOUT_CHANGED)
    except NotAList as other:
        return Menu(other.state)
    if (refused := refusal(body)) is not None:
        return Menu(refused)
    buttons = at(body, "selfmenu_info", "button")
    if body.get("is_menu_open") not in (0, 1) or not isinstance(buttons, list):
        return Menu((Outcome.LAYOUT_CHANGED, "应答中没有菜单"))
    return Menu(None, body["is_menu_open"] == 1, tuple(_leaves(buttons, "")))


def _leaves(buttons: list[Any], above: str) -> Iterator[Entry]:
    for button in buttons:
        path = f"{above}/{head(at(button, 'name'))}".lstrip("/")
        below = at(button, "sub_button", "list")
        if isinstance(below, list) and below:
            yield from _leaves(below, path)
        elif kind := head(at(button, "type")):
            target = next(filter(None, (at(button, key) for key in ("url", "key", "value", "pagepath"))), "")
            yield Entry(path, kind, str(target))
