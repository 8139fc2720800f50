import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from errors import UserError
from extractors.circuit import Circuit
from extractors.doctor import Answer, examine
from extractors.landing import land_shard
from extractors.login import keep_session, login
from extractors.outcomes import Outcome
from extractors.registry import Registry
from extractors.sessions import login_ends, session_file
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


def _state(expires: float, name: str = "SUB") -> str:
    return json.dumps({"cookies": [{"name": name, "domain": ".weibo.com", "expires": expires}]})


def test_when_a_login_ends() -> None:
    assert login_ends(_state(1_617_238_800), "weibo") == datetime(2021, 4, 1, 1, tzinfo=UTC)
    assert login_ends(_state(-1), "weibo") is None
    with pytest.raises(UserError, match="没有登录凭据（SUB）"):
        login_ends(_state(-1, "XSRF-TOKEN"), "weibo")


def test_the_doctor_says_how_each_platform_stands(tmp_path: Path, registry: Registry) -> None:
    settings = Settings(data=tmp_path / "data", registry=registry.directory, sessions=tmp_path / "sessions")
    (registry.directory / "canaries.csv").write_text(
        "platform,platform_uid,account_name\nweibo,6100000099,合成日更\n", encoding="utf-8"
    )

    def answers() -> dict[str, Answer]:
        return {answer.what: answer for answer in examine(settings)}

    keep_session(settings.sessions, "weibo", _state(4_102_444_800))
    keep_session(settings.sessions, "wechat", _state(1_617_238_800, "slave_sid"))
    said = answers()
    assert said["登录 weibo"].fine and "有效至 2100年1月1日" in said["登录 weibo"].says
    assert not said["登录 wechat"].fine and "2021年4月1日 09:00 到期" in said["登录 wechat"].says
    assert said["对照 weibo"].says == "登记了 1 个，还没有看过"
    assert said["熔断 weibo"].says == "未断开，今天看过 0 次，每日上限 500"
    now = datetime.now(UTC)
    canary = {
        "capture_id": "c", "run_id": "r1", "period": "2021Q1", "subject_kind": "canary", "platform": "weibo",
        "subject_id": "weibo:6100000099", "identity_seen": "6100000099", "outcome": "ok_partial",
        "attempt": 1, "captured_at": now, "server_date": now, "newest_seen": now - timedelta(hours=3),
    }  # fmt: skip
    land_shard(settings.landing, "2021Q1", "r1", "weibo", {"captures": [canary]})
    assert answers()["对照 weibo"].fine and "都读作已更新" in answers()["对照 weibo"].says
    stale = canary | {"newest_seen": now - timedelta(hours=49)}
    land_shard(settings.landing, "2021Q1", "r2", "weibo", {"captures": [stale]})
    circuit = Circuit(settings, "weibo", "r2")
    for _ in range(3):
        circuit.note(Outcome.LOGIN_REQUIRED)
    said = answers()
    assert not said["对照 weibo"].fine and "weibo:6100000099" in said["对照 weibo"].says
    assert not said["熔断 weibo"].fine and "xunjian login weibo" in said["熔断 weibo"].says


def test_the_doctor_says_what_to_do(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, registry=tmp_path / "none", sessions=tmp_path)
    keep_session(tmp_path, "weibo", '{"cookies": []}')
    (tmp_path / "weibo.json").chmod(0o644)
    answers = {answer.what: answer for answer in examine(settings)}
    assert "XUNJIAN_REGISTRY" in answers["台账"].says
    assert "xunjian login douyin" in answers["登录 douyin"].says
    assert not answers["登录 weibo"].fine
    assert "chmod 600" in answers["登录 weibo"].says
