import stat
from pathlib import Path

import pytest

from errors import UserError
from extractors.doctor import examine
from extractors.login import keep_session, login
from extractors.sessions import session_file
from settings import Settings


def test_a_login_state_is_private_from_the_first_byte(tmp_path: Path) -> None:
    sessions = tmp_path / "sessions"
    path = keep_session(sessions, "weibo", '{"cookies": []}')
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(sessions.stat().st_mode) == 0o700
    assert session_file(Settings(sessions=sessions), "weibo") == path
    keep_session(sessions, "weibo", '{"cookies": [1]}')
    assert [p.name for p in sessions.iterdir()] == ["weibo.json"], "replaced, nothing left beside it"


def test_another_platform_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="douyin"):
        login(Settings(sessions=tmp_path), "tiktok")


def test_the_doctor_says_what_to_do(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, registry=tmp_path / "none", sessions=tmp_path)
    keep_session(tmp_path, "weibo", '{"cookies": []}')
    (tmp_path / "weibo.json").chmod(0o644)
    answers = {answer.what: answer for answer in examine(settings)}
    assert "XUNJIAN_REGISTRY" in answers["台账"].says
    assert "xunjian login douyin" in answers["登录 douyin"].says
    assert not answers["登录 weibo"].fine
    assert "chmod 600" in answers["登录 weibo"].says
