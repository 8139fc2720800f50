"""live.kuaishou.com: a list for anybody who came by the front page (cookie ``did``), without publish times.

What an item tells of time is the name of its file: the second of its upload, a little before it appeared.
"""

import base64
import hashlib
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from replica.replies import answer, page, scenario_of
from replica.scenario import Subject
from replica.timelines import Post, posts_of, unpinned

PAGE_SIZE = 12  # pinned works come on the first page, in addition and without a mark
_TOO_FAST = {
    "data": {"result": 2, "list": [], "pcursor": "", "live": None, "error_msg": "请求过快，请稍后重试"}
}


def photo_id(subject: Subject, post: Post) -> str:
    """The same id on both sites."""
    return "3x" + hashlib.sha256(f"{subject.uid}{post.epoch}".encode()).hexdigest()[:13]


def _owner(subject: Subject) -> int:
    return 10**8 + int(hashlib.sha256(subject.uid.encode()).hexdigest()[:6], 16)


def _asked_for(request: Request) -> Subject | None:
    return scenario_of(request).account("kuaishou", request.query_params.get("principalId", ""))


async def profile_page(request: Request) -> Response:
    subject = scenario_of(request).account("kuaishou", request.path_params["uid"])
    if subject is None:
        return Response(page("kuaishou/not_found.html", name=""), 404, media_type="text/html")
    return await answer(request, subject, page("kuaishou/live.html", name=subject.name), "live_page")


async def user_info(request: Request) -> Response:
    subject = _asked_for(request)
    if subject is None or not request.cookies.get("did"):
        return await answer(request, subject, JSONResponse(_TOO_FAST), "live_profile")
    works = len(posts_of(scenario_of(request), subject))
    user = {
        "id": f"zj{_owner(subject)}", "eid": subject.uid, "originUserId": _owner(subject),
        "name": subject.name, "description": f"{subject.organiser}官方账号", "avatar": "", "sex": "U",
        "counts": {"fan": "1.3万", "follow": "10", "photo": str(works), "private": None},
        "verifiedStatus": {"verified": True, "description": f"{subject.organiser}官方账号", "type": 3},
        "living": False,
    }  # fmt: skip
    return await answer(request, subject, {"data": {"result": 1, "userInfo": user}}, "live_profile")


async def public_list(request: Request) -> Response:
    subject = _asked_for(request)
    if subject is None or not request.cookies.get("did"):
        return await answer(request, subject, JSONResponse(_TOO_FAST), "live_list")
    cursor = request.query_params.get("pcursor", "")
    posts = posts_of(scenario_of(request), subject)
    rest = [post for post in unpinned(posts) if not cursor.isdigit() or post.epoch < int(cursor)]
    shown = rest[:PAGE_SIZE]
    pinned = [] if cursor else [post for post in posts if post.pinned]
    body = {
        "data": {
            "result": 1,
            "pcursor": str(shown[-1].epoch) if len(rest) > len(shown) else "no_more",
            "list": [_item(subject, post) for post in pinned + shown],
            "live": {"living": False, "author": {"living": False}},
        }
    }
    return await answer(request, subject, body, "live_list")


def _item(subject: Subject, post: Post) -> dict[str, Any]:
    uploaded = post.at - timedelta(seconds=post.draw % 600)
    album = post.draw % 8 == 0
    folder = "https://p2.a.yximgs.example"
    if album:
        name = f"{10**10 + post.draw}_{int(uploaded.timestamp() * 1000)}"
        poster = f"{folder}/ufile/atlas/{_base64(name)}_0.webp"
    else:
        name = f"{uploaded:%Y%m%d%H%M%S}_{_owner(subject)}_{10**10 + post.draw}_1_3"
        poster = f"{folder}/upic/{uploaded:%Y/%m/%d/%H}/B{_base64(name)}_b.jpg"
    return {
        "id": photo_id(subject, post),
        "poster": poster,
        "playUrl": "" if album else poster.replace("_b.jpg", "_b.mp4"),
        "imgUrls": [poster] if album else [],
        "workType": "multiple" if album else "video",
        "counts": {"displayView": str(post.draw % 9000), "displayLike": "66", "displayComment": "4"},
        "author": {"id": subject.uid, "name": subject.name, "avatar": "", "living": False},
        "musicName": "",
    }


def _base64(name: str) -> str:
    return base64.b64encode(name.encode()).decode()


routes: list[BaseRoute] = [
    Route("/profile/{uid}", profile_page),
    Route("/live_api/baseuser/userinfo/byid", user_info),
    Route("/live_api/profile/public", public_list),
]
