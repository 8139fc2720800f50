"""Public messages and their answers (W5 互动回应差), and the links to where one may write. Pure.

A public list tells when each message was written and whether it was answered. Only ids, days, the status
and the head of the title are kept: who wrote is nobody's business.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from selectolax.lexbor import LexborNode

from extractors.websites.dates import day_within, whole_day
from extractors.websites.pages import HtmlPage, squeeze, text_nodes

TITLE_CHARACTERS = 40
_ASKED = ("来信时间", "来信日期", "写信时间", "留言时间", "留言日期", "咨询时间", "咨询日期", "提问时间",
          "提交时间", "提交日期", "发表时间", "投诉时间", "信件时间")  # fmt: skip
_REPLIED = ("回复时间", "回复日期", "答复时间", "答复日期", "办结时间", "办结日期", "反馈时间")
_STATUS = ("办理状态", "处理状态", "回复状态", "答复状态", "信件状态", "办理情况", "处理情况", "状态")
_TITLE = ("标题", "主题", "留言主题", "留言标题", "来信主题", "信件标题", "来信标题", "咨询主题", "咨询标题")
_NUMBER = ("编号", "信件编号", "留言编号", "受理编号", "查询码", "序列号")
# What a link to a consultation channel calls itself. Special channels are told apart by the rules.
_CHANNEL = ("咨询", "留言", "信箱", "建言", "投诉", "问政", "信访", "举报", "民意直通")
_LONGEST_NAME = 16
_MOST_CHANNELS = 20


@dataclass(frozen=True, slots=True)
class Message:
    """One public message. Days in Asia/Shanghai; ``status`` as printed, "" where the list has none."""

    message_id: str
    url: str
    title: str
    asked_on: date
    replied_on: date | None
    status: str


def read_messages(page: HtmlPage, now: datetime) -> tuple[Message, ...]:
    """The messages of a public list on ``page``: rows with the day of asking and either that of the answer
    or a status. None of them where the page has no such list. ``now``: the response's own ``Date``."""
    found: dict[str, Message] = {}
    for message in [*_from_tables(page, now), *_from_lines(page, now)]:
        found.setdefault(message.message_id, message)
    return tuple(found.values())


def channel_links(page: HtmlPage) -> tuple[tuple[str, str], ...]:
    """``(name, address)`` of links whose name is that of a channel to write to, each address once."""
    found: dict[str, str] = {}
    for anchor in page.tree.css("a[href]"):
        name = squeeze(anchor.attributes.get("title") or "") or squeeze(anchor.text())
        url = page.absolute(anchor.attributes.get("href"))
        if url and len(name) <= _LONGEST_NAME and any(word in name for word in _CHANNEL):
            found.setdefault(url, name)
    return tuple((name, url) for url, name in found.items())[:_MOST_CHANNELS]


# a table whose header says what its cells are


def _from_tables(page: HtmlPage, now: datetime) -> Iterator[Message]:
    for table in page.tree.css("table"):
        rows = [_cells(row) for row in table.css("tr")]
        if len(rows) < 2:
            continue
        places = {
            name: next((i for i, cell in enumerate(rows[0]) if _bare(cell.text()) in words), None)
            for name, words in _FIELDS.items()
        }
        if places["asked"] is None or (places["replied"] is None and places["status"] is None):
            continue
        for cells in rows[1:]:
            held = {
                name: cells[place]
                for name, place in places.items()
                if place is not None and place < len(cells)
            }
            texts = {name: squeeze(cell.text()) for name, cell in held.items()}
            link = next((a for cell in cells for a in cell.css("a[href]")), None)
            if message := _message(page, texts, link, now):
                yield message


# a list whose rows label what they say: 来信时间：2021-03-01


def _from_lines(page: HtmlPage, now: datetime) -> Iterator[Message]:
    for line in page.tree.css("li, dl"):
        if line.css_first("li li, table") is not None:
            continue
        texts = _labelled(line)
        link = line.css_first("a[href]")
        if link is None or "asked" not in texts or not ({"replied", "status"} & texts.keys()):
            continue
        texts.setdefault("title", squeeze(link.attributes.get("title") or "") or squeeze(link.text()))
        if message := _message(page, texts, link, now):
            yield message


def _labelled(line: LexborNode) -> dict[str, str]:
    """What follows each known label in the line's texts, in the same text or in the next."""
    found: dict[str, str] = {}
    pending = ""
    for node in text_nodes(line):
        text = squeeze(node.text(deep=False)).replace("：", ":")
        label, colon, value = text.partition(":")
        name = next((field for field, words in _FIELDS.items() if _bare(label) in words), "")
        if name and colon and value.strip():
            found.setdefault(name, value.strip())
            pending = ""
        elif name:
            found.setdefault(name, "")
            pending = name
        elif pending:
            found[pending], pending = text, ""
    return found


_FIELDS = {"asked": _ASKED, "replied": _REPLIED, "status": _STATUS, "title": _TITLE, "number": _NUMBER}


def _message(page: HtmlPage, texts: dict[str, str], link: LexborNode | None, now: datetime) -> Message | None:
    asked = _day(texts.get("asked", ""), now)
    if asked is None:
        return None
    url = (page.absolute(link.attributes.get("href")) if link is not None else None) or page.url
    title = texts.get("title", "")[:TITLE_CHARACTERS]
    number = texts.get("number") or (url if url != page.url else f"{asked} {title}")
    return Message(number, url, title, asked, _day(texts.get("replied", ""), now), texts.get("status", ""))


def _day(text: str, now: datetime) -> date | None:
    claimed = whole_day(text, now) or day_within(text)
    return claimed.day if claimed else None


def _cells(row: LexborNode) -> list[LexborNode]:
    return [cell for cell in row.iter() if cell.tag in ("th", "td")]


def _bare(text: str) -> str:
    return "".join(text.split()).strip(":：")
