"""Keys of official accounts: a private file; what is wrong with it is one clear line, without the secret."""

from pathlib import Path

import pytest

from errors import UserError
from extractors.doctor import examine
from extractors.owners import owner_keys
from settings import Settings

SECRET = "0123456789abcdef0123456789abcdef"
GOOD = f"MzA2MTAwMDAwNw==: {{appid: wx0123456789abcdef, secret: '{SECRET}'}}\n"


def settings_with(tmp_path: Path, text: str, mode: int = 0o600) -> Settings:
    path = tmp_path / "wechat_owners.yml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return Settings(data=tmp_path / "data", sessions=tmp_path)


def test_keys_are_found_beside_the_login_states(tmp_path: Path) -> None:
    assert owner_keys(Settings(sessions=tmp_path / "nowhere")) == {}
    keys = owner_keys(settings_with(tmp_path, GOOD))
    assert keys["MzA2MTAwMDAwNw=="].appid == "wx0123456789abcdef"
    assert keys["MzA2MTAwMDAwNw=="].secret.get_secret_value() == SECRET
    assert SECRET not in repr(keys) + str(keys)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="不存在：请检查 XUNJIAN_WECHAT_OWNERS"):
        owner_keys(Settings(wechat_owners=tmp_path / "gone.yml"))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_what_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(UserError, match="可被他人读取，已拒绝使用：请运行 chmod 600") as refused:
        owner_keys(settings_with(tmp_path, GOOD, mode))
    assert "\n" not in str(refused.value) and SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"a: {{appid: wx1, secret: '{SECRET}'}}", "a：appid 应为"),
        (f"a: {{appid: wx0123456789abcdef, secret: '{SECRET}0'}}", "a：secret 应为"),
        (f"a: '{SECRET}'", "a：应写作"),
        (f"a: {{appid: wx0123456789abcdef, secret: '{SECRET}', more: 1}}", "a：应写作"),
        (f"- {SECRET}", "应写作"),
        (f"a: {{appid: [{SECRET}", "读不懂"),
    ],
)
def test_a_malformed_file_is_one_line_without_the_secret(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UserError) as refused:
        owner_keys(settings_with(tmp_path, text))
    assert said in str(refused.value) and "\n" not in str(refused.value)
    assert SECRET not in str(refused.value)


def test_the_doctor_says_how_keys_stand(tmp_path: Path) -> None:
    def said(settings: Settings) -> tuple[bool, str]:
        return next((a.fine, a.says) for a in examine(settings) if a.what == "公众号凭据")

    assert said(Settings(sessions=tmp_path / "nowhere"))[0]
    fine, says = said(settings_with(tmp_path, GOOD, 0o644))
    assert not fine and "chmod 600" in says
