import json
from pathlib import Path

import pytest

from errors import UserError
from extractors.platforms.weibo import WEIBO
from extractors.sessions import session_file, session_hosts
from settings import Settings


def login(settings: Settings, platform: str, *domains: str, mode: int = 0o600) -> Path:
    settings.sessions.mkdir(parents=True, exist_ok=True)
    path = settings.sessions / f"{platform}.json"
    cookies = [{"name": "SUB", "value": "x", "domain": domain, "path": "/"} for domain in domains]
    path.write_text(json.dumps({"cookies": cookies, "origins": []}), encoding="utf-8")
    path.chmod(mode)
    return path


def test_no_file_is_a_visitor(settings: Settings) -> None:
    assert session_file(settings, "weibo") is None and session_hosts(None) == frozenset()


@pytest.mark.parametrize("mode", [0o644, 0o660, 0o604])
def test_a_login_state_that_others_can_read_is_refused(settings: Settings, mode: int) -> None:
    path = login(settings, "weibo", ".weibo.com", mode=mode)
    with pytest.raises(UserError, match=f"chmod 600 {path}"):
        session_file(settings, "weibo")


def test_weibo_goes_where_the_login_is(settings: Settings) -> None:
    hosts = session_hosts(login(settings, "weibo", ".weibo.com", ".weibo.cn"))
    assert [(start.url, start.anonymous) for start in WEIBO.starts("61", hosts)] == [
        ("https://weibo.com/u/61", False),
        ("https://m.weibo.cn/u/61", False),
    ]
    hosts = session_hosts(login(settings, "weibo", ".weibo.cn"))
    assert [start.url for start in WEIBO.starts("61", hosts)] == ["https://m.weibo.cn/u/61"]
    hosts = session_hosts(login(settings, "weibo", ".weibo.com"))
    assert [start.anonymous for start in WEIBO.starts("61", hosts)] == [False, True]


def test_a_file_that_is_no_login_state_is_said(settings: Settings) -> None:
    path = login(settings, "weibo")
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(UserError, match="xunjian login weibo"):
        session_hosts(path)
