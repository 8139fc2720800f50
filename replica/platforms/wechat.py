"""mp.weixin.qq.com: the backend of an official account, its list of any account's publications, and articles.

With a session (cookie ``slave_sid``) the front page redirects to the backend's home, whose address carries
the ``token`` that every further call needs. Without one it is the page to scan a code on.
"""

import hashlib
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from replica.replies import answer, page, scenario_of
from replica.scenario import Scenario, Subject
from replica.timelines import Post, posts_of, unpinned


def token(scenario: Scenario) -> str:
    """The one token that this backend accepts: ten digits that follow from the scenario's seed."""
    return str(10**9 + int(hashlib.sha256(scenario.seed.encode()).hexdigest()[:7], 16))


def _logged_in(request: Request) -> bool:
    return bool(request.cookies.get("slave_sid"))


def _refusal(code: int, message: str) -> dict[str, Any]:
    return {"base_resp": {"err_msg": message, "ret": code}}


async def front_page(request: Request) -> Response:
    if _logged_in(request):
        number = token(scenario_of(request))
        return RedirectResponse(f"/cgi-bin/home?t=home/index&lang=zh_CN&token={number}", 302)
    return Response(page("wechat/login.html"), media_type="text/html")


async def home(request: Request) -> Response:
    valid = _logged_in(request) and request.query_params.get("token") == token(scenario_of(request))
    return Response(page("wechat/home.html" if valid else "wechat/login.html"), media_type="text/html")


async def publications(request: Request) -> Response:
    query = request.query_params
    if not _logged_in(request):
        return await answer(request, None, _refusal(200003, "invalid session"))
    if query.get("token") != token(scenario_of(request)):
        return await answer(request, None, _refusal(200040, "invalid csrf token"))
    subject = scenario_of(request).account("wechat", query.get("fakeid", ""))
    begin, size = query.get("begin", "0"), query.get("count", "5")
    if subject is None or not (begin + size).isascii() or not (begin.isdigit() and size.isdigit()):
        return await answer(request, None, _refusal(200002, "invalid args"))
    truth = _list(scenario_of(request), subject, int(begin), min(int(size), 20))
    return await answer(request, subject, truth, *(["next_list"] if int(begin) else []), "list")


async def article_page(request: Request) -> Response:
    """``/s?__biz=&mid=&idx=&sn=``: one article of a message. The time is filled in by the page's script."""
    query = request.query_params
    scenario = scenario_of(request)
    subject = scenario.account("wechat", query.get("__biz", ""))
    if subject is None:
        return Response(page("wechat/bad_link.html"), media_type="text/html")
    number = query.get("idx", "1")
    place = int(number) - 1 if number.isascii() and number.isdigit() else -1
    for post in posts_of(scenario, subject):
        titles = [post.title, *post.more_titles]
        if str(message_id(subject, post)) != query.get("mid") or not 0 <= place < len(titles):
            continue
        if post.last_deleted and place == len(titles) - 1:
            truth = page("wechat/deleted.html")
        else:
            truth = page(
                "wechat/article.html", subject=subject, title=titles[place], mid=query["mid"], idx=place + 1,
                ct=post.epoch, printed=f"{post.at:%Y-%m-%d %H:%M}", now=int(scenario.now.timestamp()),
            )  # fmt: skip
        return await answer(request, subject, truth, "article")
    return Response(page("wechat/bad_link.html"), media_type="text/html")


async def short_link(_request: Request) -> Response:
    return Response(page("wechat/deleted.html"), media_type="text/html")


async def captcha(_request: Request) -> Response:
    return Response(page("wechat/captcha.html"), media_type="text/html")


def message_id(subject: Subject, post: Post) -> int:
    """The number of a message (``mid``)."""
    return 2_650_000_000 + (post.epoch // 60 + len(subject.name)) % 10_000_000


def _list(scenario: Scenario, subject: Subject, begin: int, size: int) -> dict[str, Any]:
    """JSON in JSON in JSON. Some slots hold no message (``publish_info: ""``)."""
    share_empty = float(scenario.defaults("wechat")["empty_slots"])
    posts = unpinned(posts_of(scenario, subject))
    slots: list[Post | None] = []
    for post in posts:
        slots += [post, None] if post.draw % 1000 < share_empty * 1000 else [post]
    unsent = sum(post.unsent for post in posts)
    listing = {
        "total_count": len(slots),
        "publish_count": unsent,
        "masssend_count": len(slots) - unsent,
        "featured_count": 0,
        "publish_list": [_slot(subject, post) for post in slots[begin : begin + size]],
    }
    return {"base_resp": {"err_msg": "ok", "ret": 0}, "is_admin": False, "publish_page": _inner(listing)}


def _inner(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _slot(subject: Subject, post: Post | None) -> dict[str, Any]:
    if post is None:
        return {"publish_type": 101, "publish_info": ""}
    mid, titles = message_id(subject, post), [post.title, *post.more_titles]
    status = 7 if subject.spec.get("half_sent") else 2
    places = range(1, len(titles) + 1)
    message = {
        "type": 10002 if post.unsent else 9,
        "msgid": mid,
        "sent_info": {"time": post.epoch, "func_flag": 0, "is_send_all": not post.unsent, "is_published": 1},
        "sent_status": {"total": 35000, "succ": 34890, "fail": 110, "progress": 100, "userprotect": 0},
        "sent_result": {
            "msg_status": status, "refuse_reason": "", "reject_index_list": [],
            "update_time": post.epoch + 60,
        },
        "appmsg_info": [
            {
                "appmsg_like_type": 2, "appmsgid": mid, "is_from_transfer": 0, "is_pay_subscribe": 0,
                "itemidx": place, "open_fansmsg": 0, "share_type": 0, "smart_product": 0,
            }
            for place in places
        ],
        "appmsgex": [
            _article(subject, post, mid, place, titles[place - 1], place == len(titles)) for place in places
        ],
        "copy_type": 0,
        "copy_appmsg_id": 0,
        "new_publish": int(post.unsent),
    }  # fmt: skip
    return {"publish_type": 1 if post.unsent else 101, "publish_info": _inner(message)}


def article_link(subject: Subject, post: Post, place: int) -> str:
    """The long address of a message's article, as the backend and the official API both give it."""
    mid = message_id(subject, post)
    sn = hashlib.md5(f"{subject.uid}{mid}{place}".encode(), usedforsecurity=False).hexdigest()
    return f"http://mp.weixin.qq.com/s?__biz={subject.uid}&mid={mid}&idx={place}&sn={sn}&chksm={sn[:12]}#rd"


def _article(subject: Subject, post: Post, mid: int, place: int, title: str, last: bool) -> dict[str, Any]:
    text_only = post.unsent and post.draw % 3 == 0  # a message of plain text has no title
    edited = int(post.edited_at.timestamp()) if post.edited_at else post.epoch
    return {
        "aid": f"{mid}_{place}", "album_id": "0", "appmsg_album_infos": [], "appmsgid": mid,
        "author_name": subject.organiser, "ban_flag": 0, "checking": 0, "copyright_stat": 0,
        "copyright_type": 0, "cover": "", "create_time": post.epoch, "digest": title if text_only else "",
        "has_red_packet_cover": 0, "is_deleted": last and post.last_deleted, "is_pay_subscribe": 0,
        "item_show_type": 10 if text_only else 0, "itemidx": place,
        "link": article_link(subject, post, place),
        "media_duration": "0:00", "mediaapi_publish_status": 0, "title": "" if text_only else title,
        "update_time": edited, "wecoin_count": 0,
    }  # fmt: skip


routes: list[BaseRoute] = [
    Route("/", front_page),
    Route("/cgi-bin/home", home),
    Route("/cgi-bin/appmsgpublish", publications),
    Route("/s", article_page),
    Route("/s/{short}", short_link),
    Route("/mp/wappoc_appmsgcaptcha", captcha),
]
