"""公众号's own menu (自定义菜单), as ``get_current_selfmenu_info`` gives it to its owner. Pure.

For M3 (未提供有效互动功能): is there an entry by which the public can write, ask or do something? A menu
is drawn nowhere but in the chat page of a follower's client, so only the owner can have it read.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.outcomes import Outcome
from extractors.platforms import wechat_owner
from extractors.platforms.platform import without_secrets
from extractors.platforms.reading import State
from extractors.platforms.signs import NotAList, at, head, read_object
from extractors.platforms.wechat_signs import refusal
from extractors.records import AccountMenu, Seen, Subject, Visit

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
        return list(dict.fromkeys(entry.target for entry in self._chosen if entry.kind == _OPENED))

    @property
    def _chosen(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_interaction] if self.is_open else []

    def valid(self, answered: Mapping[str, int | None]) -> list[str]:
        """The entries that opened; ``answered``: HTTP status by address."""
        return [e.path for e in self._chosen if e.kind == _OPENED and answered.get(e.target) == 200]

    def has_interaction(self, answered: Mapping[str, int | None]) -> bool | None:
        """Whether a valid entry exists. ``None``: only the client shows what an entry does."""
        if self.valid(answered):
            return True
        return None if any(entry.kind != _OPENED for entry in self._chosen) else False

    def to_try_by_hand(self) -> list[str]:
        return [entry.path for entry in self._chosen]

    def as_json(self, answered: Mapping[str, int | None]) -> str:
        entries = [
            {"path": entry.path, "type": entry.kind, "target": _kept(entry.target),
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


def look(subject: Subject, seen: Sequence[Seen], failure: str) -> Visit:
    """A look at the menu as it is kept: ``seen`` are the menu, the pages behind its entries, and a day's
    articles, which tell whose API it is. ``failure``: what went wrong with the connection itself."""
    asked = next((item for item in seen if item.role == "menu"), None)
    menu = read_menu(asked) if asked else Menu((Outcome.UNREACHABLE, failure or "没有应答"))
    profiles = [wechat_owner.profile(item, subject.uid) for item in seen if item.role == "profile"]
    ids = {identity for profile in profiles for identity in profile.ids}
    outcome, detail = menu.state or _of_identity(subject.uid, ids)
    visit = Visit(
        outcome=outcome,
        detail=detail,
        url=wechat_owner.START.url,
        final_url=asked.url if asked else wechat_owner.START.url,
        http_status=asked.status if asked else None,
        channel=wechat_owner.START.channel,
        identity_seen=subject.uid if subject.uid in ids else next(iter(sorted(ids)), None),
        server_date=asked.server_date if asked else None,
        evidence_sha256=asked.sha256 if asked else None,
        seen=list(seen),
    )
    if asked and menu.state is None and outcome is not Outcome.IDENTITY_MISMATCH:
        statuses = {item.url: item.status for item in seen if item.role == "entry"}
        answered = {entry.target: statuses.get(_kept(entry.target)) for entry in menu.entries}
        visit.items_seen = len(menu.entries)
        visit.menus = [
            AccountMenu(
                is_open=menu.is_open,
                entries=menu.as_json(answered),
                has_interaction=menu.has_interaction(answered),
                interaction=menu.valid(answered) or menu.to_try_by_hand(),
                identity_seen=visit.identity_seen,
                evidence_sha256=asked.sha256,
            )
        ]
    return visit


def _of_identity(uid: str, ids: set[str]) -> State:
    if uid in ids:
        return Outcome.OK_COMPLETE, ""
    if ids:
        return Outcome.IDENTITY_MISMATCH, f"凭据属于公众号 {min(ids)}，不是台账中的 {uid}"
    return Outcome.OK_PARTIAL, "没有读到能核对身份的文章，凭据是否属于该账号未能核对"


def _kept(target: str) -> str:
    """An entry's target as it may be kept: some addresses carry what opens an account."""
    return without_secrets(target) if "://" in target else target


def _leaves(buttons: list[Any], above: str) -> Iterator[Entry]:
    for button in buttons:
        path = f"{above}/{head(at(button, 'name'))}".lstrip("/")
        below = at(button, "sub_button", "list")
        if isinstance(below, list) and below:
            yield from _leaves(below, path)
        elif kind := head(at(button, "type")):
            target = next(filter(None, (at(button, key) for key in ("url", "key", "value", "pagepath"))), "")
            yield Entry(path, kind, str(target))
