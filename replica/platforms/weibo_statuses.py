"""One status as weibo's two sites write it: plain, pinned, reposted, 快转, edited."""

from datetime import datetime
from typing import Any

from replica.scenario import Subject
from replica.timelines import Post

_BASE62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SUPERIOR = {"id": 9000999001, "idstr": "9000999001", "screen_name": "上级部门发布（合成）"}


def printed(at: datetime) -> str:
    """``Mon Mar 30 10:10:00 +0800 2021``, in English whatever the machine's locale."""
    return f"{_DAYS[at.weekday()]} {_MONTHS[at.month - 1]} {at:%d %H:%M:%S %z %Y}"


def status_id(post: Post) -> int:
    """The numeric id: seconds since 515483463 in its high bits, so that its order is the order in time."""
    return ((post.epoch - 515_483_463) << 22) | (post.draw & 0x3FFFFF)


def short_id(number: int) -> str:
    """``mblogid``/``bid``: seven decimal digits of the id become four of base 62."""
    text = str(number)
    cuts = [text[max(0, end - 7) : end] for end in range(len(text), 0, -7)]
    return "".join(_base62(int(cut)).rjust(4, "0") for cut in reversed(cuts)).lstrip("0")


def _base62(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 62)
        digits = _BASE62[rest] + digits
    return digits


def _user(subject: Subject) -> dict[str, Any]:
    return {
        "id": int(subject.uid), "idstr": subject.uid, "screen_name": subject.name, "verified": True,
        "verified_type": 1,
    }  # fmt: skip


def status(subject: Subject, post: Post) -> dict[str, Any]:
    """A status of the desktop list."""
    number = status_id(post)
    text = f"【置顶】{post.title}" if post.pinned else post.title
    if post.repost in ("repost", "gone"):
        text = "转发微博"
    body: dict[str, Any] = {
        "visible": {"type": 0, "list_id": 0},
        "created_at": printed(post.at),
        "id": number,
        "idstr": str(number),
        "mid": str(number),
        "mblogid": short_id(number),
        "user": _user(subject),
        "text": text,
        "text_raw": text,
        "source": "微博政务版",
        "region_name": "",
        "mblogtype": 2 if post.pinned else 0,
        "isLongText": False,
        "reposts_count": post.draw % 20,
        "comments_count": post.draw % 15,
        "attitudes_count": post.draw % 90,
        "pic_num": 0,
        "edit_count": int(post.edited_at is not None),
    }
    if post.edited_at:
        body["edit_at"] = printed(post.edited_at)
    if post.pinned:
        body |= {"isTop": 1, "title": {"text": "置顶"}}
    body |= _reposted(subject, post, number)
    return body


def _reposted(subject: Subject, post: Post, number: int) -> dict[str, Any]:
    origin = number - (86_400 << 22)  # a day older
    if post.repost == "quick":  # looks like an own status, and is another's
        suffix = [{"content": subject.name}, {"content": " 快转了"}]
        return {"user": dict(_SUPERIOR), "ori_mid": str(origin), "screen_name_suffix_new": suffix}
    if post.repost == "gone":
        gone = "抱歉，作者已设置仅展示半年内微博，此微博已不可见。"
        return {"retweeted_status": {"id": origin, "text_raw": gone, "user": None, "deleted": "1"}}
    if post.repost == "repost":
        at = datetime.fromtimestamp(post.epoch - 86_400, post.at.tzinfo)
        return {"retweeted_status": {
            "id": origin, "mblogid": short_id(origin), "created_at": printed(at), "text_raw": post.title,
            "user": {"idstr": _SUPERIOR["idstr"], "screen_name": _SUPERIOR["screen_name"]},
        }}  # fmt: skip
    return {}


def card(subject: Subject, post: Post) -> dict[str, Any]:
    """A card of the mobile list: the same status under its other names."""
    mblog = status(subject, post)
    number, bid = mblog["id"], mblog.pop("mblogid")
    mblog |= {"id": str(number), "bid": bid, "can_edit": False, "pics": [], "mlevel": 0}
    return {
        "card_type": 9,
        "card_type_name": "",
        "profile_type_id": f"{'proweibotop_' if post.pinned else 'proweibo_'}{number}",
        "itemid": f"107603{subject.uid}_-_{number}",
        "scheme": f"https://m.weibo.cn/status/{bid}?mblogid={bid}",
        "mblog": mblog,
        "show_type": 0,
    }
