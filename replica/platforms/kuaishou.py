"""www.kuaishou.com and the live site. A profile's page posts for the profile and, as the
window scrolls, for the feed.

Both calls want a login (cookie ``passToken``); without it they answer result 109.
"""

import hashlib
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Host, Route, Router

from replica.platforms import kuaishou_live
from replica.replies import answer, page, scenario_of
from replica.scenario import Subject
from replica.sessions import is_logged_in
from replica.timelines import Post, posts_of, unpinned

PAGE_SIZE = 20  # pinned works come on the first page, in addition
_NODE = {"host-name": "public-example-node.idcyz.hb1.kwaidc.com"}
_END = "no_more"
_LOG_IN = {
    "result": 109, "error_msg": "请先登录", **_NODE, "loginUrl": "https://passport.kuaishou.com/pc/account/login",
}  # fmt: skip


def _missing() -> Response:
    return Response(page("kuaishou/not_found.html", name=""), 404, media_type="text/html")


async def profile_page(request: Request) -> Response:
    subject = scenario_of(request).account("kuaishou", request.path_params["uid"])
    if subject is None:
        return _missing()
    return await answer(request, subject, page("kuaishou/profile.html", name=subject.name), "page")


async def profile(request: Request) -> Response:
    subject = await _asked_for(request)
    if subject is None:
        return _missing()
    works = len(posts_of(scenario_of(request), subject))
    truth = {
        "result": 1,
        **_NODE,
        "userProfile": {
            "ownerCount": {"fan": _fans(subject), "photo": None, "follow": 10, "photo_public": works},
            "profile": {
                "gender": "U", "user_name": subject.name, "user_id": subject.uid, "headurl": "",
                "user_text": f"{subject.organiser}官方账号", "user_profile_bg_url": "",
            },
            "isFollowing": False,
        },
    }  # fmt: skip
    if not _logged_in(request):
        return await answer(request, subject, JSONResponse(_LOG_IN), "profile")
    return await answer(request, subject, truth, "profile")


async def feed(request: Request) -> Response:
    subject = await _asked_for(request)
    if subject is None:
        return _missing()
    if not _logged_in(request):
        return await answer(request, subject, JSONResponse(_LOG_IN), "list")
    cursor = str((await _body(request)).get("pcursor") or "")
    posts = posts_of(scenario_of(request), subject)
    return await answer(request, subject, _feed(subject, posts, cursor), "list")


async def passport(_request: Request) -> Response:
    return Response(page("kuaishou/passport.html"), media_type="text/html")


async def photo_page(request: Request) -> Response:
    return Response(page("kuaishou/photo.html", photo=request.path_params["photo"]), media_type="text/html")


async def _asked_for(request: Request) -> Subject | None:
    return scenario_of(request).account("kuaishou", str((await _body(request)).get("user_id", "")))


async def _body(request: Request) -> dict[str, Any]:
    """What was posted; nothing where it is no JSON object."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _logged_in(request: Request) -> bool:
    return bool(request.cookies.get("passToken"))


def _fans(subject: Subject) -> int:
    return int(hashlib.sha256(subject.uid.encode()).hexdigest()[:4], 16)


def _feed(subject: Subject, posts: list[Post], cursor: str) -> dict[str, Any]:
    """One page. The cursor is the last item's ms, written as a float: ``1.616000000000E12``."""
    before = _milliseconds(cursor)
    rest = [post for post in unpinned(posts) if before is None or post.epoch * 1000 < before]
    shown = rest[:PAGE_SIZE]
    pinned = [] if cursor else [post for post in posts if post.pinned]
    more = len(rest) > len(shown)
    return {
        "result": 1,
        "llsid": str(3_000_000_000_000_000_000 + (shown[0].draw if shown else 0)),
        **_NODE,
        "pcursor": f"{shown[-1].epoch * 1000 / 1e12:.12f}E12" if more else _END,
        "feeds": [_item(subject, post) for post in pinned + shown],
    }


def _milliseconds(cursor: str) -> float | None:
    try:
        return float(cursor)
    except ValueError:
        return None


def _item(subject: Subject, post: Post) -> dict[str, Any]:
    text = f"【置顶】{post.title}" if post.pinned else post.title
    return {
        "type": 1,
        "canAddComment": 1,
        "status": 1,
        "tags": [{"type": 1, "name": "湛江"}],
        "author": {"id": subject.uid, "name": subject.name, "headerUrl": "", "following": False},
        "photo": {
            "id": kuaishou_live.photo_id(subject, post), "caption": text, "originCaption": text,
            "timestamp": post.epoch * 1000,
            "duration": 0 if post.draw % 8 == 0 else 10_000 + post.draw % 50_000,
            "likeCount": str(post.draw % 900), "realLikeCount": post.draw % 900,
            "viewCount": f"{post.draw % 300 / 10:.1f}万", "commentCount": post.draw % 60, "coverUrl": "",
            "photoUrl": "", "profileUserTopPhoto": post.pinned, "liked": False,
        },
    }  # fmt: skip


async def front_page(request: Request) -> Response:
    """Hands out what the live site wants to see of a visitor."""
    truth = page("kuaishou/front.html", logged_in=is_logged_in("kuaishou", request.cookies))
    answered = Response(truth, media_type="text/html")
    answered.set_cookie("did", "web_example_visitor", domain=".kuaishou.com", secure=True)
    return answered


routes: list[BaseRoute] = [
    Host("live.kuaishou.com", Router(kuaishou_live.routes)),
    Route("/", front_page),
    Route("/profile/{uid}", profile_page),
    Route("/rest/v/profile/user", profile, methods=["POST"]),
    Route("/rest/v/profile/feed", feed, methods=["POST"]),
    Route("/short-video/{photo}", photo_page),
    Route("/pc/account/login", passport),
]
