"""www.douyin.com: a user's page; its script asks for the profile and, as its grid is scrolled, the list.

With a session (cookies ``sessionid`` and ``LOGIN_STATUS=1``) the list is whole; without one it is the
visitor's: newest works missing, ``not_login_module`` beside it.
"""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from replica.replies import answer, page, scenario_of
from replica.scenario import Scenario, Subject
from replica.states.douyin import as_visitor
from replica.timelines import Post, posts_of, unpinned

PAGE_SIZE = 18  # pinned works come on the first page, in addition


def _account(request: Request, uid: str) -> Subject | None:
    return scenario_of(request).account("douyin", uid)


def _missing(request: Request) -> Response:
    return Response(page("douyin/not_found.html", name="", url=str(request.url)), 404, media_type="text/html")


def _cursor(text: str) -> int:
    """Where to go on from, in ms. What is no number means the beginning."""
    return int(text) if text.isascii() and text.isdigit() else 0


async def user_page(request: Request) -> Response:
    subject = _account(request, request.path_params["uid"])
    if subject is None:
        return _missing(request)
    works = len(posts_of(scenario_of(request), subject))
    return await answer(request, subject, page("douyin/user.html", name=subject.name, works=works), "page")


async def profile(request: Request) -> Response:
    subject = _account(request, request.query_params.get("sec_user_id", ""))
    if subject is None:
        return _missing(request)
    return await answer(request, subject, _profile(scenario_of(request), subject), "profile")


async def post_list(request: Request) -> Response:
    subject = _account(request, request.query_params.get("sec_user_id", ""))
    if subject is None:
        return _missing(request)
    cursor = _cursor(request.query_params.get("max_cursor", ""))
    body = _list(scenario_of(request), subject, cursor)
    if not _logged_in(request):
        body = as_visitor(body)
    return await answer(request, subject, body, "list")


async def work_page(request: Request) -> Response:
    return Response(page("douyin/work.html", work=request.path_params["work"]), media_type="text/html")


def _logged_in(request: Request) -> bool:
    return bool(request.cookies.get("sessionid")) and request.cookies.get("LOGIN_STATUS") == "1"


def _now_ms(scenario: Scenario) -> int:
    return int(scenario.now.timestamp() * 1000)


def _cert(subject: Subject) -> dict[str, str]:
    reason = f"{subject.organiser}官方账号"
    label = json.dumps({"label_style": 5, "label_text": reason}, ensure_ascii=False, separators=(",", ":"))
    return {"custom_verify": "", "enterprise_verify_reason": reason, "account_cert_info": label}


def _numeric_uid(subject: Subject) -> int:
    return 98_000_000_000 + sum(ord(letter) * place for place, letter in enumerate(subject.uid))


def _profile(scenario: Scenario, subject: Subject) -> dict[str, Any]:
    works = len(posts_of(scenario, subject))
    uid = _numeric_uid(subject)
    return {
        "status_code": 0,
        "status_msg": None,
        "log_pb": {"impr_id": scenario.now.strftime("%Y%m%d%H%M%SEXAMPLE")},
        "extra": {"now": _now_ms(scenario)},
        "user": {
            "uid": str(uid), "sec_uid": subject.uid, "unique_id": f"zj{uid % 10**8}", "short_id": "0",
            "nickname": subject.name, "signature": f"{subject.organiser}官方账号", "aweme_count": works,
            "dongtai_count": works, "follower_count": uid % 90_000, "mplatform_followers_count": uid % 90_000,
            "following_count": 12, "total_favorited": uid % 900_000, **_cert(subject), "verification_type": 1,
            "is_gov_media_vip": False, "is_ban": False, "is_block": False, "is_blocked": False, "secret": 0,
            "user_deleted": False, "special_state_info": {"special_state": 0, "title": "", "content": ""},
            "room_id": 0, "live_status": 0,
        },
    }  # fmt: skip


def _list(scenario: Scenario, subject: Subject, cursor: int) -> dict[str, Any]:
    """One page; ``cursor`` (ms) is 0 or the last ``max_cursor``, while items carry seconds."""
    posts = posts_of(scenario, subject)
    rest = [post for post in unpinned(posts) if not cursor or post.epoch * 1000 < cursor]
    shown = rest[:PAGE_SIZE]
    pinned = [] if cursor else [post for post in posts if post.pinned]
    months = sorted({post.at.strftime("%Y·%m") for post in posts}, reverse=True)
    impression = scenario.now.strftime("%Y%m%d%H%M%SEXAMPLE")
    return {
        "status_code": 0,
        "min_cursor": shown[0].epoch * 1000 if shown else 0,
        "max_cursor": shown[-1].epoch * 1000 if shown else 0,
        "has_more": int(len(rest) > len(shown)),
        "aweme_list": [_work(subject, post) for post in pinned + shown],
        "time_list": None if cursor else months,
        "log_pb": {"impr_id": impression},
        "request_item_cursor": 0,
        "post_serial": 2,
        "replace_series_cover": 1,
        "extra": {"fatal_item_ids": [], "logid": impression, "now": _now_ms(scenario)},
    }


def _work(subject: Subject, post: Post) -> dict[str, Any]:
    work_id = str((post.epoch << 32) | post.draw)  # ids are snowflakes: their order is the order in time
    is_note = post.draw % 7 == 0
    uid = _numeric_uid(subject)
    images = [{"uri": f"tos-cn-i-example/{work_id}", "url_list": [], "width": 1080, "height": 1440}]
    text = f"【置顶】{post.title}" if post.pinned else f"{post.title} #湛江"
    return {
        "aweme_id": work_id,
        "desc": text,
        "caption": text,
        "item_title": "",
        "create_time": post.epoch,
        "is_top": int(post.pinned),
        "aweme_type": 68 if is_note else 0,
        "media_type": 2 if is_note else 4,
        "images": images if is_note else None,
        "is_story": 0,
        "duration": 0 if is_note else 12_000 + post.draw % 60_000,
        "author_user_id": uid,
        "author": {"uid": str(uid), "sec_uid": subject.uid, "nickname": subject.name, **_cert(subject)},
        "group_id": work_id,
        "statistics": {
            "digg_count": post.draw % 900, "comment_count": post.draw % 40, "collect_count": post.draw % 30,
            "share_count": post.draw % 50, "play_count": 0,
        },
        "status": {
            "is_delete": False, "allow_share": True, "private_status": 0, "is_prohibited": False,
            "in_reviewing": False, "part_see": 0, "review_result": {"review_status": 0}, "reviewed": 1,
        },
        "share_url": f"https://www.iesdouyin.com/share/{'note' if is_note else 'video'}/{work_id}/",
    }  # fmt: skip


routes: list[BaseRoute] = [
    Route("/user/{uid}", user_page),
    Route("/aweme/v1/web/user/profile/other/", profile),
    Route("/aweme/v1/web/aweme/post/", post_list),
    Route("/video/{work}", work_page),
    Route("/note/{work}", work_page),
]
