"""Timelines as each platform's list answers them, page by page: written from the payloads' known structure.

A plain model of what an account did (:class:`Item`) on one side, bytes on the other; nothing of the readers.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from extractors.periods import SHANGHAI
from extractors.records import Seen
from tests.extractors.platforms.test_states import UIDS

OTHER = "6100000099"  # another weibo account: whose post a 快转 shows


@dataclass(frozen=True)
class Item:
    """One thing in a list. ``kind``: own, repost, quick (快转), hidden (not public) or deleted (微信 keeps
    its slot); ``articles``: of one 微信 message; ``empty``: a 微信 slot without any."""

    number: int
    at: datetime
    pinned: bool = False
    kind: str = "own"
    edited: bool = False
    articles: int = 1
    empty: bool = False

    @property
    def epoch(self) -> int:
        return int(self.at.timestamp())


Pages = Sequence[Sequence[Item]]


def _seen(url: str, body: Any) -> Seen:
    clock = datetime(2021, 4, 1, 1, tzinfo=UTC)
    return Seen("list", url, 200, "application/json", json.dumps(body).encode(), clock)


def douyin(pages: Pages, number: int) -> Seen:
    works = [
        {
            "aweme_id": str(item.number),
            "desc": "合成",
            "create_time": item.epoch,
            "is_top": int(item.pinned),
            "aweme_type": 68 if item.number % 3 == 0 else 0,
            "author": {"sec_uid": UIDS["douyin"]},
            "status": {"private_status": int(item.kind == "hidden")},
        }
        for item in pages[number]
    ]
    more = number + 1 < len(pages)
    body = {"status_code": 0, "aweme_list": works, "has_more": int(more), "max_cursor": 1}
    return _seen("https://www.douyin.com/aweme/v1/web/aweme/post/", body)


def kuaishou(pages: Pages, number: int) -> Seen:
    feeds = [
        {
            "author": {"id": UIDS["kuaishou"]},
            "photo": None
            if item.kind == "hidden"
            else {
                "id": str(item.number),
                "caption": "合成",
                "timestamp": item.epoch * 1000,
                "duration": item.number % 2,
                "profileUserTopPhoto": item.pinned,
                "viewCount": "1.2万",
            },
        }
        for item in pages[number]
    ]
    end = number + 1 == len(pages)
    body = {"result": 1, "feeds": feeds, "pcursor": "no_more" if end else "1.616E12"}
    return _seen("https://www.kuaishou.com/rest/v/profile/feed", body)


def _weibo_time(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%a %b %d %H:%M:%S %z %Y")


def _status(item: Item) -> dict[str, Any]:
    author = OTHER if item.kind == "quick" else UIDS["weibo"]
    status: dict[str, Any] = {
        "id": str(item.number),
        "mblogid": f"M{item.number}",
        "created_at": _weibo_time(item.at),
        "text_raw": "合成",
        "user": {"id": int(author), "idstr": author},
        "visible": {"type": int(item.kind == "hidden")},
    }
    if item.pinned:  # one of the three ways in which it is said
        status |= ({"isTop": 1}, {"mblogtype": 2}, {"title": {"text": "置顶"}})[item.number % 3]
    if item.kind == "repost":
        status["retweeted_status"] = {"id": "1", "user": None, "deleted": "1"}
    if item.kind == "quick":
        status["ori_mid"] = "1"
    if item.edited:
        status |= {"edit_count": 1, "edit_at": _weibo_time(item.at + timedelta(hours=3))}
    return status


def weibo(pages: Pages, number: int) -> Seen:
    end = number + 1 == len(pages)
    data = {"list": [_status(item) for item in pages[number]], "since_id": "" if end else "1kp2"}
    return _seen("https://weibo.com/ajax/statuses/mymblog", {"ok": 1, "data": data})


def weibo_mobile(pages: Pages, number: int) -> Seen:
    cards: list[dict[str, Any]] = []
    for item in pages[number]:
        top = "proweibotop_" if item.pinned else "proweibo_"
        one = {"card_type": 9, "profile_type_id": f"{top}{item.number}", "mblog": _status(item)}
        grouped = {"card_type": 11, "card_group": [{"card_type": 42, "desc": "推荐"}, one]}
        cards.append(grouped if item.number % 4 == 0 else one)
    info = {} if number + 1 == len(pages) else {"since_id": 1}
    return _seen(
        "https://m.weibo.cn/api/container/getIndex", {"ok": 1, "data": {"cards": cards, "cardlistInfo": info}}
    )


def _article(item: Item, place: int) -> dict[str, Any]:
    return {
        "aid": f"{item.number}_{place}",
        "title": "合成",
        "create_time": item.epoch,
        "update_time": item.epoch + (10_800 if item.edited else 0),
        "is_deleted": item.kind == "deleted",
        "item_show_type": 11 if item.kind == "repost" else 0,
        "link": f"http://mp.weixin.qq.com/s?__biz={UIDS['wechat']}&mid={item.number}&idx={place}",
    }


def wechat(pages: Pages, number: int) -> Seen:
    slots = []
    for item in pages[number]:
        message = {
            "sent_info": {"time": item.epoch},
            "sent_result": {"msg_status": 2},
            "appmsgex": [_article(item, place) for place in range(1, item.articles + 1)],
        }
        slots.append({"publish_info": "" if item.empty else json.dumps(message)})
    page = {"total_count": sum(map(len, pages)), "publish_list": slots}
    begin = 5 * number
    url = f"https://mp.weixin.qq.com/cgi-bin/appmsgpublish?begin={begin}&fakeid={UIDS['wechat']}"
    return _seen(url, {"base_resp": {"ret": 0}, "publish_page": json.dumps(page)})


@dataclass(frozen=True)
class Form:
    """One way in which a list is answered, and what can occur in it."""

    platform: str
    render: Callable[[Pages, int], Seen]
    kinds: tuple[str, ...]
    pins: int = 3
    page_size: int = 0  # 0: any


FORMS: Mapping[str, Form] = {
    "douyin": Form("douyin", douyin, ("own", "hidden")),
    "kuaishou": Form("kuaishou", kuaishou, ("own", "hidden")),
    "weibo": Form("weibo", weibo, ("own", "repost", "quick", "hidden"), pins=2),
    "weibo_mobile": Form("weibo", weibo_mobile, ("own", "repost", "quick", "hidden"), pins=2),
    "wechat": Form("wechat", wechat, ("own", "repost", "deleted"), pins=0, page_size=5),
}
