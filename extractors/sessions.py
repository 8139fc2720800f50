"""Login states: one Playwright ``storage_state`` file a platform, made by a person with ``xunjian login``."""

import json
from datetime import UTC, datetime
from pathlib import Path

from errors import UserError
from settings import Settings

# The cookie of each platform that is the login itself.
_LOGIN_COOKIES = {"douyin": "sessionid", "kuaishou": "passToken", "wechat": "slave_sid", "weibo": "SUB"}


def session_file(settings: Settings, platform: str) -> Path | None:
    """The login state of ``platform``; ``None`` where there is none, and one looks as a visitor.

    Raises :class:`errors.UserError` where others on this machine could read it: it opens an account.
    """
    path = settings.sessions / f"{platform}.json"
    return path if is_private(path, "登录状态") else None


def is_private(path: Path, what: str) -> bool:
    """Whether there is such a file, for this user alone. Raises :class:`errors.UserError` where it is not."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    if mode & 0o077:
        raise UserError(f"{what} {path} 可被他人读取，已拒绝使用：请运行 chmod 600 {path}")
    return True


def session_hosts(path: Path | None) -> frozenset[str]:
    """The cookie domains of a login state, without the leading dot.

    Raises :class:`errors.UserError` where the file is no Playwright ``storage_state``.
    """
    if path is None:
        return frozenset()
    try:
        cookies = json.loads(path.read_text(encoding="utf-8"))["cookies"]
        return frozenset(str(cookie["domain"]).lstrip(".") for cookie in cookies)
    except (OSError, ValueError, KeyError, TypeError):
        raise UserError(f"登录状态 {path} 读不懂：请重新运行 xunjian login {path.stem}") from None


def login_ends(state: str, platform: str) -> datetime | None:
    """When a login state's own cookie expires (UTC); ``None`` where the cookie names no day.

    ``state`` is the text of a Playwright ``storage_state``. The platform may end a login sooner. Raises
    :class:`errors.UserError` where nobody has logged in.
    """
    name = _LOGIN_COOKIES[platform]
    ends = [float(cookie["expires"]) for cookie in json.loads(state)["cookies"] if cookie["name"] == name]
    if not ends:
        raise UserError(
            f"没有登录凭据（{name}）：请重新运行 xunjian login {platform}，看到自己的主页后再按回车"
        )
    return datetime.fromtimestamp(max(ends), UTC) if max(ends) > 0 else None
