"""Login states for the replica's platforms, as ``xunjian login`` would have saved them from the real ones.

Every value is invented and opens nothing anywhere else.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_FAR = 2_147_483_000.0  # expiry, in seconds of Unix time: 2038


def write_sessions(directory: Path) -> None:
    """``{douyin,kuaishou,weibo,wechat}.json`` (Playwright ``storage_state``), readable by their owner alone.

    Raises ``OSError`` where they cannot be written.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    for platform, state in _STATES.items():
        path = directory / f"{platform}.json"
        # Its mode is right from the first byte on, also where an older file lies in its place.
        path.unlink(missing_ok=True)
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            json.dump(state, file, ensure_ascii=False, indent=1)


def _cookie(domain: str, name: str, value: str, *, http_only: bool = True) -> dict[str, Any]:
    return {
        "name": name, "value": value, "domain": domain, "path": "/", "expires": _FAR,
        "httpOnly": http_only, "secure": True, "sameSite": "Lax",
    }  # fmt: skip


def cookies_of(platform: str) -> list[dict[str, Any]]:
    """What a login on ``platform`` consists of; the first is the login itself."""
    return list(_STATES[platform]["cookies"])


def is_logged_in(platform: str, cookies: Mapping[str, str]) -> bool:
    first = cookies_of(platform)[0]
    return bool(cookies.get(first["name"]) == first["value"])


_STATES: dict[str, dict[str, Any]] = {
    "douyin": {
        "cookies": [
            _cookie(".douyin.com", "sessionid", "example00000000000000000000000000"),
            _cookie(".douyin.com", "sid_guard", "example%7C1617238800%7C5184000"),
            _cookie(".douyin.com", "LOGIN_STATUS", "1", http_only=False),
            _cookie("www.douyin.com", "s_v_web_id", "verify_example", http_only=False),
        ],
        "origins": [
            {"origin": "https://www.douyin.com", "localStorage": [{"name": "HasUserLogin", "value": "1"}]}
        ],
    },
    "kuaishou": {
        "cookies": [
            _cookie(".kuaishou.com", "passToken", "example-pass-token"),
            _cookie(".kuaishou.com", "userId", "3000000001", http_only=False),
            _cookie(".kuaishou.com", "did", "web_example", http_only=False),
        ],
        "origins": [],
    },
    "weibo": {
        "cookies": [
            _cookie(".weibo.com", "SUB", "_2A25exampleLoginSub"),
            _cookie(".weibo.com", "SUBP", "0033WrSXqPxfM725Ws9jqgMF55529P9D9Wexample", http_only=False),
            _cookie("weibo.com", "XSRF-TOKEN", "example-xsrf", http_only=False),
            _cookie(".weibo.cn", "SUB", "_2A25exampleLoginSub"),
        ],
        "origins": [],
    },
    "wechat": {
        "cookies": [
            _cookie("mp.weixin.qq.com", "slave_sid", "example-slave-sid"),
            _cookie("mp.weixin.qq.com", "slave_user", "gh_example000000"),
            _cookie("mp.weixin.qq.com", "data_bizuin", "3999000001"),
        ],
        "origins": [],
    },
}
