"""The four platforms: what they say, page by page to the end, with and without a login, in every state."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Host, Router
from starlette.testclient import TestClient

from replica import replies
from replica.platforms import douyin, kuaishou, wechat, wechat_api, weibo
from replica.replies import Dropped
from replica.scenario import PLATFORM_HOSTS, Scenario, Subject
from replica.sessions import write_sessions
from replica.states import ALL_STATES
from replica.timelines import Post, posts_of, unpinned

MODULES = {"douyin": douyin, "kuaishou": kuaishou, "wechat": wechat, "weibo": weibo}
ROUTED = {**MODULES, "wechat_api": wechat_api}
HOME = {
    "douyin": "www.douyin.com",
    "kuaishou": "www.kuaishou.com",
    "wechat": "mp.weixin.qq.com",
    "weibo": "weibo.com",
}
UIDS = {
    "douyin": "MS4wLjABAAAAmade-up",
    "kuaishou": "3xmadeup0000001",
    "wechat": "Mzk5OTkwMDAwMQ==",
    "weibo": "5990000001",
}
_MIXED = {"newest_days": [0, 3], "every_days": [1, 3], "posts": 47, "share_after_point": 0}
_PINNED = {"pinned": ["2021-03-20T09:00:00+08:00", "2019-06-26T10:00:00+08:00"]}
SCRIPT = {
    "seed": "test",
    "now": "2021-04-01T09:00:00+08:00",
    "monitoring_point": "2021-03-31T23:59:59+08:00",
    "defaults": {
        "douyin": {**_MIXED, **_PINNED},
        "kuaishou": {**_MIXED, **_PINNED},
        "wechat": {**_MIXED, "pinned": [], "articles": [1, 3], "share_deleted": 0.3, "share_unsent": 0.2,
                   "share_edited": 0.2, "empty_slots": 0.2},
        "weibo": {**_MIXED, **_PINNED, "share_edited": 0.2,
                  "reposts": {"repost": 0.2, "quick": 0.2, "gone": 0.1}},
    },
}  # fmt: skip


@dataclass
class Room:
    scenario: Scenario
    app: Starlette
    sessions: dict[str, dict[str, str]]

    def subject(self, platform: str) -> Subject:
        found = self.scenario.account(platform, UIDS[platform])
        assert found
        return found

    def posts(self, platform: str) -> list[Post]:
        return posts_of(self.scenario, self.subject(platform))

    def client(self, platform: str, *, login: bool = True, host: str = "") -> TestClient:
        base = f"https://{host or HOME[platform]}"
        cookies = self.sessions[platform] if login else None
        return TestClient(self.app, base_url=base, cookies=cookies, follow_redirects=False)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    subjects = [Subject(name, uid, f"{name}账号（合成）", "某局", {}) for name, uid in UIDS.items()]
    scenario = Scenario(tmp_path, SCRIPT, subjects)
    app = Starlette(routes=[Host(host, Router(ROUTED[name].routes)) for host, name in PLATFORM_HOSTS.items()])
    app.state.scenario = scenario
    write_sessions(tmp_path / "sessions")
    sessions = {
        name: {
            cookie["name"]: cookie["value"]
            for cookie in json.loads((tmp_path / "sessions" / f"{name}.json").read_text("utf-8"))["cookies"]
        }
        for name in UIDS
    }
    return Room(scenario, app, sessions)


def _douyin_pages(client: TestClient) -> Iterator[dict[str, Any]]:
    cursor, more = 0, 1
    while more:
        query = {"sec_user_id": UIDS["douyin"], "max_cursor": cursor, "count": 18}
        body = client.get("/aweme/v1/web/aweme/post/", params=query).json()
        yield body
        cursor, more = body["max_cursor"], body["has_more"]


def _kuaishou_pages(client: TestClient) -> Iterator[dict[str, Any]]:
    cursor = ""
    while cursor != "no_more":
        asked = {"user_id": UIDS["kuaishou"], "pcursor": cursor, "page": "profile"}
        body = client.post("/rest/v/profile/feed?caver=2", json=asked).json()
        yield body
        cursor = body["pcursor"]


def _weibo_pages(client: TestClient) -> Iterator[dict[str, Any]]:
    number, since = 1, "?"
    while since:
        query = {"uid": UIDS["weibo"], "page": number, "feature": 0}
        body = client.get("/ajax/statuses/mymblog", params=query).json()
        yield body
        number, since = number + 1, body["data"]["since_id"]


def _wechat_list(client: TestClient, begin: int, token: str) -> dict[str, Any]:
    query = {"sub": "list", "fakeid": UIDS["wechat"], "begin": begin, "count": 5, "token": token}
    body: dict[str, Any] = client.get("/cgi-bin/appmsgpublish", params=query).json()
    return body


def test_douyin_pages_to_the_end(room: Room) -> None:
    pages = list(_douyin_pages(room.client("douyin")))
    assert [len(page["aweme_list"]) for page in pages] == [20, 18, 11]
    assert pages[0]["max_cursor"] == pages[0]["aweme_list"][-1]["create_time"] * 1000
    works = [work for page in pages for work in page["aweme_list"]]
    assert [(w["create_time"], bool(w["is_top"])) for w in works] == [
        (post.epoch, post.pinned) for post in room.posts("douyin")
    ]
    assert len({work["aweme_id"] for work in works}) == 49
    assert {work["author"]["sec_uid"] for work in works} == {UIDS["douyin"]}
    assert {work["aweme_type"] for work in works} == {0, 68}
    assert "not_login_module" not in pages[0]


def test_douyin_shows_a_visitor_less(room: Room) -> None:
    body = next(_douyin_pages(room.client("douyin", login=False)))
    assert body["not_login_module"] == {"guide_login_tip_exist": True}
    assert not body["has_more"]
    newest = unpinned(room.posts("douyin"))[0]
    assert newest.epoch not in [work["create_time"] for work in body["aweme_list"]]


def test_douyin_profile(room: Room) -> None:
    path = "/aweme/v1/web/user/profile/other/"
    user = room.client("douyin").get(path, params={"sec_user_id": UIDS["douyin"]}).json()["user"]
    assert (user["sec_uid"], user["aweme_count"], user["secret"]) == (UIDS["douyin"], 49, 0)


def test_kuaishou_pages_to_the_end(room: Room) -> None:
    pages = list(_kuaishou_pages(room.client("kuaishou")))
    assert [len(page["feeds"]) for page in pages] == [22, 20, 7]
    photos = [feed["photo"] for page in pages for feed in page["feeds"]]
    assert [(p["timestamp"] // 1000, p["profileUserTopPhoto"]) for p in photos] == [
        (post.epoch, post.pinned) for post in room.posts("kuaishou")
    ]
    assert len({photo["id"] for photo in photos}) == 49


def test_kuaishou_live_site_wants_only_the_front_pages_cookie_and_gives_no_times(room: Room) -> None:
    client, query = (
        room.client("kuaishou", login=False, host="live.kuaishou.com"),
        {"principalId": UIDS["kuaishou"]},
    )
    assert client.get("/live_api/profile/public", params=query).json()["data"]["result"] == 2
    given = room.client("kuaishou", login=False).get("/").headers["set-cookie"]
    client.cookies.set("did", given.partition("did=")[2].partition(";")[0])
    works, sizes = [], []
    while query.get("pcursor") != "no_more":
        data = client.get("/live_api/profile/public", params=query).json()["data"]
        sizes.append(len(data["list"]))
        works += data["list"]
        query["pcursor"] = data["pcursor"]
    assert sizes == [14, 12, 12, 11] and not any("timestamp" in work for work in works)
    assert {work["author"]["id"] for work in works} == {UIDS["kuaishou"]}


def test_weibo_window_query_answers_between_two_instants(room: Room) -> None:
    posts = sorted((post.epoch for post in room.posts("weibo")), reverse=True)
    query = {"uid": UIDS["weibo"], "starttime": posts[9], "endtime": posts[3]}
    found = room.client("weibo").get("/ajax/statuses/searchProfile", params=query).json()["data"]
    assert (found["total"], len(found["list"])) == (7, 7)


@pytest.mark.parametrize("path", ["/rest/v/profile/user", "/rest/v/profile/feed"])
def test_kuaishou_wants_a_login(room: Room, path: str) -> None:
    asked = {"user_id": UIDS["kuaishou"], "pcursor": "", "page": "profile"}
    assert room.client("kuaishou", login=False).post(path, json=asked).json()["result"] == 109
    assert room.client("kuaishou").post(path, json=asked).json()["result"] == 1


def test_weibo_pages_to_the_end(room: Room) -> None:
    pages = list(_weibo_pages(room.client("weibo")))
    assert [len(page["data"]["list"]) for page in pages] == [22, 20, 7]
    statuses = [status for page in pages for status in page["data"]["list"]]
    posts = room.posts("weibo")
    times = [datetime.strptime(s["created_at"], "%a %b %d %H:%M:%S %z %Y") for s in statuses]
    assert times == [post.at for post in posts]
    assert len({status["idstr"] for status in statuses}) == 49
    for status, post in zip(statuses, posts, strict=True):
        assert ("retweeted_status" in status) is (post.repost in ("repost", "gone"))
        assert ("ori_mid" in status) is (post.repost == "quick")
        assert (status["user"]["idstr"] == UIDS["weibo"]) is (post.repost != "quick")
        assert ("edit_at" in status) is (post.edited_at is not None)
        assert (status.get("isTop"), status["mblogtype"]) == ((1, 2) if post.pinned else (None, 0))


def test_weibo_mobile_pages_to_the_end(room: Room) -> None:
    client, query, ids = room.client("weibo", host="m.weibo.cn"), {"value": UIDS["weibo"]}, []
    index = client.get("/api/container/getIndex", params=query).json()["data"]
    query["containerid"] = index["tabsInfo"]["tabs"][1]["containerid"]
    while True:
        data = client.get("/api/container/getIndex", params=query).json()["data"]
        ids += [card["mblog"]["id"] for card in data["cards"]]
        if "since_id" not in data["cardlistInfo"]:
            break
        query["since_id"] = data["cardlistInfo"]["since_id"]
    assert len(ids) == len(set(ids)) == 49


def test_weibo_makes_a_visitor_of_a_stranger(room: Room) -> None:
    client = room.client("weibo", login=False)
    sent = client.get(f"/u/{UIDS['weibo']}")
    assert sent.status_code == 302
    assert sent.headers["location"].startswith("https://passport.weibo.com/visitor/visitor?")
    assert "Sina Visitor System" in client.get(sent.headers["location"]).text
    made = client.post("https://passport.weibo.com/visitor/genvisitor2").json()["data"]
    client.cookies.set("SUB", made["sub"])
    assert made["sub"].startswith("_2AkM")
    assert '"islogin":"0"' in client.get(f"/u/{UIDS['weibo']}").text
    seen = [status for page in _weibo_pages(client) for status in page["data"]["list"]]
    assert 2 < len(seen) < 49


def test_wechat_pages_to_the_end(room: Room) -> None:
    client = room.client("wechat")
    sent = client.get("/")
    assert sent.status_code == 302
    assert sent.headers["location"].startswith("/cgi-bin/home?t=home/index&lang=zh_CN&token=")
    token = sent.headers["location"].rpartition("=")[2]
    begin, total, messages, empty = 0, 1, [], 0
    while begin < total:
        page = json.loads(_wechat_list(client, begin, token)["publish_page"])
        total = page["total_count"]
        empty += sum(not item["publish_info"] for item in page["publish_list"])
        messages += [
            json.loads(item["publish_info"]) for item in page["publish_list"] if item["publish_info"]
        ]
        begin += 5
    assert [message["sent_info"]["time"] for message in messages] == [
        post.epoch for post in room.posts("wechat")
    ]
    assert empty and total == 47 + empty
    aids = [article["aid"] for message in messages for article in message["appmsgex"]]
    assert len(aids) == len(set(aids)) == sum(1 + len(post.more_titles) for post in room.posts("wechat"))
    article = client.get(messages[0]["appmsgex"][0]["link"].replace("http:", "https:").partition("#")[0])
    assert f'var ct = "{messages[0]["sent_info"]["time"]}"' in article.text


def test_wechat_refuses_strangers(room: Room) -> None:
    assert _wechat_list(room.client("wechat"), 0, "1")["base_resp"]["ret"] == 200040
    assert _wechat_list(room.client("wechat", login=False), 0, "1")["base_resp"]["ret"] == 200003
    assert "扫码登录" in room.client("wechat", login=False).get("/").text


def _looks(room: Room, platform: str, uid: str) -> dict[str, tuple[str, str, dict[str, Any]]]:
    token = wechat.token(room.scenario)
    post = room.posts("wechat")[0]
    return {
        "douyin": {
            "page": ("GET", f"/user/{uid}", {}),
            "profile": ("GET", "/aweme/v1/web/user/profile/other/", {"params": {"sec_user_id": uid}}),
            "list": ("GET", "/aweme/v1/web/aweme/post/", {"params": {"sec_user_id": uid}}),
        },
        "kuaishou": {
            "page": ("GET", f"/profile/{uid}", {}),
            "profile": ("POST", "/rest/v/profile/user", {"json": {"user_id": uid}}),
            "list": ("POST", "/rest/v/profile/feed", {"json": {"user_id": uid, "pcursor": ""}}),
            "live_page": ("GET", f"https://live.kuaishou.com/profile/{uid}", {}),
            "live_profile": ("GET", "https://live.kuaishou.com/live_api/baseuser/userinfo/byid", {
                "params": {"principalId": uid}}),
            "live_list": ("GET", "https://live.kuaishou.com/live_api/profile/public", {
                "params": {"principalId": uid}}),
        },
        "weibo": {
            "page": ("GET", f"/u/{uid}", {}),
            "profile": ("GET", "/ajax/profile/info", {"params": {"uid": uid}}),
            "desktop_list": ("GET", "/ajax/statuses/mymblog", {"params": {"uid": uid}}),
            "list": ("GET", "https://m.weibo.cn/api/container/getIndex", {
                "params": {"value": uid, "containerid": f"107603{uid}"}}),
            "window": ("GET", "/ajax/statuses/searchProfile", {"params": {"uid": uid, "endtime": 10**10}}),
        },
        "wechat": {
            "list": ("GET", "/cgi-bin/appmsgpublish", {"params": {"fakeid": uid, "token": token}}),
            "next_list": ("GET", "/cgi-bin/appmsgpublish", {"params": {
                "fakeid": uid, "token": token, "begin": 5}}),
            "article": ("GET", "/s", {"params": {
                "__biz": uid, "mid": wechat.message_id(room.subject("wechat"), post), "idx": 1}}),
        },
    }[platform]  # fmt: skip


@pytest.mark.parametrize(
    ("platform", "state"), [(name, state) for name in UIDS for state in ALL_STATES[name]]
)
def test_every_state_shows(room: Room, platform: str, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replies, "_SILENCE_SECONDS", 0.01)
    client, looks = room.client(platform), _looks(room, platform, UIDS[platform])
    well = {place: client.request(how, url, **more).content for place, (how, url, more) in looks.items()}
    room.scenario.set_state(UIDS[platform], state)
    for place, (how, url, more) in looks.items():
        meant = ALL_STATES[platform][state].at
        if state in ("unreachable", "timeout"):
            with pytest.raises(Dropped):
                client.request(how, url, **more)
            continue
        seen = client.request(how, url, **more)
        assert seen.status_code < 500
        affected = place in meant or (place in ("next_list", "desktop_list") and "list" in meant)
        assert (seen.content != well[place]) is affected, place


@pytest.mark.parametrize("platform", ["kuaishou", "douyin"])
def test_a_broken_connection_is_broken_for_visitors_too(room: Room, platform: str) -> None:
    room.scenario.set_state(UIDS[platform], "unreachable")
    for how, url, more in _looks(room, platform, UIDS[platform]).values():
        with pytest.raises(Dropped):
            room.client(platform, login=False).request(how, url, **more)


def test_unknown_accounts_are_not_found(room: Room) -> None:
    for platform in ("douyin", "kuaishou"):
        for place, (how, url, more) in _looks(room, platform, "nobody").items():
            if place.startswith("live_") and place != "live_page":
                continue
            seen = room.client(platform).request(how, url, **more)
            assert (seen.status_code, "用户不存在" in seen.text) == (404, True)
    looks = _looks(room, "weibo", "1")
    client = room.client("weibo")
    assert "用户不存在" in client.get(looks["page"][1]).text
    for place in ("profile", "desktop_list"):
        how, url, more = looks[place]
        assert client.request(how, url, **more).json()["error_code"] == 20003
    how, url, more = _looks(room, "wechat", "bm9ib2R5")["list"]
    assert room.client("wechat").request(how, url, **more).json()["base_resp"]["ret"] == 200002


def test_sessions_are_their_owners_alone(tmp_path: Path) -> None:
    directory = tmp_path / "made" / "sessions"
    write_sessions(directory)
    write_sessions(directory)
    assert directory.stat().st_mode & 0o777 == 0o700
    files = sorted(directory.iterdir())
    assert [file.name for file in files] == ["douyin.json", "kuaishou.json", "wechat.json", "weibo.json"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
