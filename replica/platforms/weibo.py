"""weibo.com and m.weibo.cn: a user's page, whose own script asks for the profile and the statuses.

Whoever brings no ``SUB`` is sent through the visitor system, which sets one (``_2AkM…``) and sends back;
a visitor misses some posts. A login's ``SUB`` begins with ``_2A25``.
"""

from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Host, Route, Router

from replica.platforms.weibo_statuses import card, status
from replica.replies import answer, page, scenario_of
from replica.scenario import Subject
from replica.states.weibo import MINUS_100, as_visitor
from replica.timelines import Post, posts_of, unpinned

PAGE_SIZE = 20
_MOBILE_PAGE_SIZE = 10
_VISITOR_SUB = "_2AkMWexampleVisitorSub"
_VISITOR_SUBP = "0033WrSXqPxfM72wWs9jqgMF55529P9D9Wexample"


def _sub(request: Request) -> str:
    return request.cookies.get("SUB", "")


def _logged_in(request: Request) -> bool:
    return _sub(request).startswith("_2A25")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _html(template: str, **values: object) -> Response:
    return Response(page(template, **values), media_type="text/html")


async def user_page(request: Request) -> Response:
    subject = scenario_of(request).account("weibo", request.path_params["uid"])
    if not _sub(request):
        here = quote(f"https://weibo.com{request.url.path}", safe="")
        system = f"https://passport.weibo.com/visitor/visitor?entry=miniblog&a=enter&url={here}&_rand=1"
        return await answer(request, subject, RedirectResponse(system, 302), "page")
    if subject is None:
        return _html("weibo/not_found.html", name="")
    truth = page("weibo/user.html", name=subject.name, uid=subject.uid, logged_in=_logged_in(request))
    return await answer(request, subject, truth, "page")


async def sina_login(_request: Request) -> Response:
    return _html("weibo/sina_login.html")


async def visitor_page(_request: Request) -> Response:
    return _html("weibo/visitor.html")


async def generate_visitor(_request: Request) -> Response:
    data = {"sub": _VISITOR_SUB, "subp": _VISITOR_SUBP, "next": "cross_domain"}
    return JSONResponse({"retcode": 20000000, "msg": "succ", "data": data})


async def profile(request: Request) -> Response:
    subject = scenario_of(request).account("weibo", request.query_params.get("uid", ""))
    if subject is None or not _sub(request):
        return await answer(request, None, _no_user() if _sub(request) else _log_in())
    truth = _profile(subject, posts_of(scenario_of(request), subject))
    return await answer(request, subject, truth, "profile")


async def my_blog(request: Request) -> Response:
    query = request.query_params
    subject = scenario_of(request).account("weibo", query.get("uid", ""))
    if subject is None or not _sub(request):
        return await answer(request, None, _no_user() if _sub(request) else _log_in())
    posts = posts_of(scenario_of(request), subject)
    number = max(1, _number(query.get("page", "1")))
    shown, rest = _page_of(posts, number, PAGE_SIZE)
    truth = {
        "ok": 1,
        "data": {
            "since_id": f"{status(subject, shown[-1])['idstr']}kp{number + 1}" if rest else "",
            "list": [status(subject, post) for post in shown],
            "status_visible": 0,
            "bottom_tips_visible": False,
            "bottom_tips_text": "",
            "topicList": [],
            "total": len(posts),
        },
    }
    return await answer(
        request, subject, truth if _logged_in(request) else as_visitor(truth), "desktop_list", "list"
    )


async def search_profile(request: Request) -> Response:
    """What one account published between two instants (seconds), newest first."""
    query = request.query_params
    subject = scenario_of(request).account("weibo", query.get("uid", ""))
    if subject is None or not _logged_in(request):
        return await answer(request, None, _no_user() if _logged_in(request) else _log_in())
    after, until = _number(query.get("starttime", "")), _number(query.get("endtime", ""))
    posts = [post for post in posts_of(scenario_of(request), subject) if after <= post.epoch <= until]
    found = sorted(posts, key=lambda post: -post.epoch)
    truth = {"ok": 1, "data": {"list": [status(subject, post) for post in found], "total": len(found)}}
    return await answer(request, subject, truth, "window")


async def mobile_page(request: Request) -> Response:
    subject = scenario_of(request).account("weibo", request.path_params["uid"])
    if subject is None:
        return _html("weibo/not_found.html", name="")
    truth = page("weibo/mobile.html", name=subject.name, uid=subject.uid, logged_in=_logged_in(request))
    return await answer(request, subject, truth, "page")


async def mobile_index(request: Request) -> Response:
    """``/api/container/getIndex``: the profile, or with ``containerid=107603…`` the statuses."""
    query = request.query_params
    subject = scenario_of(request).account("weibo", query.get("value", ""))
    if not _sub(request):
        return await answer(request, None, _log_in())
    if subject is None:
        return await answer(request, None, {"ok": 0, "msg": "这里还没有内容", "data": {"cards": []}})
    posts = posts_of(scenario_of(request), subject)
    if not query.get("containerid", "").startswith("107603"):
        return await answer(request, subject, _mobile_profile(subject, posts), "profile")
    since = query.get("since_id", "")
    older = (
        [post for post in unpinned(posts) if status(subject, post)["id"] < _number(since)] if since else posts
    )
    shown, rest = _page_of(older, 1, _MOBILE_PAGE_SIZE)
    container = f"107603{subject.uid}"
    info = {
        "containerid": container,
        "v_p": 42,
        "show_style": 1,
        "total": len(posts),
        "autoLoadMoreIndex": 10,
    }
    if rest:
        info["since_id"] = status(subject, shown[-1])["id"]
    cards = [card(subject, post) for post in shown if _logged_in(request) or post.draw % 3]
    truth = {
        "ok": 1,
        "data": {"cardlistInfo": info, "cards": cards, "scheme": "sinaweibo://cardlist", "showAppTips": 0},
    }
    return await answer(request, subject, truth, "list")


async def mobile_config(request: Request) -> Response:
    return await answer(request, None, {"ok": 1, "data": {"login": _logged_in(request)}})


def _page_of(posts: list[Post], number: int, size: int) -> tuple[list[Post], bool]:
    """Page ``number`` (from 1), pinned posts in addition on the first; and whether there are more."""
    plain = unpinned(posts)
    shown = plain[(number - 1) * size : number * size]
    pinned = [post for post in posts if post.pinned] if number == 1 else []
    return pinned + shown, len(plain) > number * size


def _log_in() -> dict[str, Any]:
    assert isinstance(MINUS_100.body, dict)
    return MINUS_100.body


def _no_user() -> dict[str, Any]:
    return {"ok": 0, "error_code": 20003, "message": "user does not exists!"}


def _profile(subject: Subject, posts: list[Post]) -> dict[str, Any]:
    fans = int(subject.uid[-5:])
    return {
        "ok": 1,
        "data": {
            "user": {
                "id": int(subject.uid), "idstr": subject.uid, "screen_name": subject.name, "domain": "",
                "verified": True, "verified_type": 1, "verified_reason": f"{subject.organiser}官方微博",
                "followers_count": fans, "followers_count_str": f"{fans / 10000:.1f}万", "friends_count": 120,
                "statuses_count": len(posts), "is_muteuser": False,
            },
            "tabList": [{"name": "home", "tabName": "精选"}, {"name": "weibo", "tabName": "微博"}],
            "blockText": "",
        },
    }  # fmt: skip


def _mobile_profile(subject: Subject, posts: list[Post]) -> dict[str, Any]:
    tab = {"must_show": 1, "hidden": 0}
    return {
        "ok": 1,
        "data": {
            "isVideoCoverStyle": 1,
            "userInfo": {
                "id": int(subject.uid), "idstr": subject.uid, "screen_name": subject.name, "verified": True,
                "verified_type": 1, "verified_reason": f"{subject.organiser}官方微博", "follow_count": 120,
                "followers_count": "3.4万", "statuses_count": len(posts), "close_blue_v": False, "svip": 0,
                "profile_url": f"https://m.weibo.cn/u/{subject.uid}",
                "description": f"{subject.organiser}政务微博",
            },
            "fans_scheme": "",
            "follow_scheme": "",
            "tabsInfo": {"selectedTab": 1, "tabs": [
                {**tab, "id": 1, "tabKey": "profile", "title": "主页", "tab_type": "profile",
                 "containerid": f"230283{subject.uid}"},
                {**tab, "id": 2, "tabKey": "weibo", "title": "微博", "tab_type": "weibo",
                 "containerid": f"107603{subject.uid}", "apipath": "/profile/statuses",
                 "headSubTitleText": "全部微博"},
            ]},
            "scheme": f"sinaweibo://userinfo?uid={subject.uid}",
            "showAppTips": 1,
        },
    }  # fmt: skip


_DESKTOP: list[BaseRoute] = [
    Route("/u/{uid}", user_page),
    Route("/ajax/profile/info", profile),
    Route("/ajax/statuses/mymblog", my_blog),
    Route("/ajax/statuses/searchProfile", search_profile),
]
_PASSPORT = [
    Route("/visitor/visitor", visitor_page),
    Route("/visitor/genvisitor2", generate_visitor, methods=["POST"]),
]
_MOBILE = [
    Route("/u/{uid}", mobile_page),
    Route("/api/container/getIndex", mobile_index),
    Route("/api/config", mobile_config),
]
# Two of its hosts have a /u/{uid} of their own.
routes: list[BaseRoute] = [
    Host("passport.weibo.com", Router(_PASSPORT)),
    Host("m.weibo.cn", Router(_MOBILE)),
    Host("login.sina.com.cn", Router([Route("/{path:path}", sina_login)])),
    *_DESKTOP,
]
