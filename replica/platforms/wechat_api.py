"""api.weixin.qq.com: the official API of a 公众号, for whoever has its owner's key.

An account has a key where ``scenario.yml`` says ``owner`` of it: ``menu`` (:data:`MENUS`), ``delay`` (the
last day's figures are not ready), ``refuses`` (an errcode for ``token``, ``articles`` or ``menu``), and
``whose``: the name of the account that the key truly belongs to, where a wrong one was given.
"""

import hashlib
import os
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from replica.platforms.wechat import article_link, message_id
from replica.replies import scenario_of
from replica.scenario import CITY_HOST, Scenario, Subject
from replica.timelines import posts_of, unpinned

_SAID = {
    40001: "invalid credential, access_token is invalid or not latest",
    40013: "invalid appid",
    40125: "invalid appsecret",
    40164: "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
    45009: "reach max api daily quota limit",
    48001: "api unauthorized",
    61501: "date range error",
}
_OPEN = "https://www.gov.cn/hudong/"
_ABOUT = {"type": "click", "name": "关于我们", "key": "ABOUT_US"}


def _under(name: str, *leaves: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "sub_button": {"list": list(leaves)}}


MENUS: Mapping[str, list[dict[str, Any]]] = {
    "valid": [_under("互动交流", {"type": "view", "name": "县长信箱", "url": _OPEN}), _ABOUT],
    "dead": [
        _under("互动交流", {"type": "view", "name": "留言", "url": f"https://{CITY_HOST}/liuyan-gone/"})
    ],
    "by_hand": [_under("互动交流", {"type": "click", "name": "我要咨询", "key": "ASK"}), _ABOUT],
    "none": [_under("政务公开", {"type": "view", "name": "政务要闻", "url": _OPEN}), _ABOUT],
    "closed": [],
}


def key_of(scenario: Scenario, subject: Subject) -> tuple[str, str]:
    """The account's appid and secret: invented, and always the same."""
    drawn = hashlib.sha256(f"{scenario.seed}:{subject.uid}".encode()).hexdigest()
    return f"wx{drawn[:16]}", drawn[32:]


def owned(scenario: Scenario) -> list[Subject]:
    """The accounts whose owners gave a key."""
    return [subject for subject in scenario.subjects if "owner" in subject.spec]


def write_owner_keys(scenario: Scenario, directory: Path) -> None:
    """``wechat_owners.yml`` as an office would keep it, readable by its owner alone. Nothing without keys."""
    path = directory / "wechat_owners.yml"
    path.unlink(missing_ok=True)
    keys = {subject.uid: key_of(scenario, subject) for subject in owned(scenario)}
    if keys:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            yaml.safe_dump({uid: {"appid": a, "secret": s} for uid, (a, s) in keys.items()}, file)


async def stable_token(request: Request) -> Response:
    scenario, wanted = scenario_of(request), await request.json()
    subject = _by_appid(scenario, str(wanted.get("appid")))
    if subject is None:
        return _refused(40013)
    if wanted.get("secret") != key_of(scenario, subject)[1]:
        return _refused(40125)
    if (code := _refusal(subject, "token")) is not None:
        return _refused(code)
    return JSONResponse({"access_token": _token(scenario, subject), "expires_in": 7200})


async def articles(request: Request) -> Response:
    """All 发表内容 of the days asked for, group-sent or not; what was deleted since is still counted."""
    scenario, wanted = scenario_of(request), await request.json()
    subject = _by_token(request)
    if subject is None:
        return _refused(40001)
    if (code := _refusal(subject, "articles")) is not None:
        return _refused(code)
    first, last = date.fromisoformat(wanted["begin_date"]), date.fromisoformat(wanted["end_date"])
    yesterday = scenario.now.date() - timedelta(days=1)
    if first > last or last > yesterday:
        return _refused(61501)
    late = bool(subject.spec["owner"].get("delay")) and last == yesterday
    shown = _writer(scenario, subject)
    rows = [
        {
            "ref_date": post.at.date().isoformat(),
            "msgid": f"{message_id(shown, post)}_{place}",
            "publish_type": int(post.unsent),
            "title": title,
            "content_url": article_link(shown, post, place),
            "detail_list": [{"stat_date": post.at.date().isoformat(), "read_user": 812, "share_user": 9}],
        }
        for post in unpinned(posts_of(scenario, shown))
        if first <= post.at.date() <= last and not (late and post.at.date() == yesterday)
        for place, title in enumerate([post.title, *post.more_titles], 1)
    ]
    return JSONResponse({"list": rows, "is_delay": late})


async def menu(request: Request) -> Response:
    subject = _by_token(request)
    if subject is None:
        return _refused(40001)
    if (code := _refusal(subject, "menu")) is not None:
        return _refused(code)
    kind = subject.spec["owner"].get("menu", "valid")
    return JSONResponse({"is_menu_open": int(kind != "closed"), "selfmenu_info": {"button": MENUS[kind]}})


def _refusal(subject: Subject, call: str) -> int | None:
    code = subject.spec["owner"].get("refuses", {}).get(call)
    return int(code) if code is not None else None


def _refused(code: int) -> Response:
    return JSONResponse({"errcode": code, "errmsg": f"{_SAID[code]} rid: 00000000-00000000"})


def _token(scenario: Scenario, subject: Subject) -> str:
    appid, secret = key_of(scenario, subject)
    return f"88_{hashlib.sha256(f'{appid}{secret}'.encode()).hexdigest()}"


def _by_appid(scenario: Scenario, appid: str) -> Subject | None:
    return next((subject for subject in owned(scenario) if key_of(scenario, subject)[0] == appid), None)


def _by_token(request: Request) -> Subject | None:
    scenario, token = scenario_of(request), request.query_params.get("access_token")
    return next((subject for subject in owned(scenario) if _token(scenario, subject) == token), None)


def _writer(scenario: Scenario, subject: Subject) -> Subject:
    whose = subject.spec["owner"].get("whose")
    return next((one for one in scenario.subjects if whose and one.name == whose), subject)


routes: list[BaseRoute] = [
    Route("/cgi-bin/stable_token", stable_token, methods=["POST"]),
    Route("/datacube/getarticletotaldetail", articles, methods=["POST"]),
    Route("/cgi-bin/get_current_selfmenu_info", menu),
]
