"""Keys that owners of official accounts (公众号) gave: appid and secret, by ``__biz``. A private YAML file.

A secret opens the account. It is shown nowhere: no message of ours quotes the file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import SecretStr

from errors import UserError
from extractors.sessions import is_private
from settings import Settings

_APPID = re.compile(r"wx[0-9a-f]{16}")
_SECRET = re.compile(r"[0-9a-f]{32}")
_FORM = "应写作 账号标识: {appid: wx…, secret: …}"


@dataclass(frozen=True, slots=True)
class OwnerKey:
    """What opens one account's official API."""

    appid: str
    secret: SecretStr


def owner_keys(settings: Settings) -> Mapping[str, OwnerKey]:
    """The keys by the account's uid (``__biz``); none where there is no file.

    Raises :class:`errors.UserError` where others on this machine could read the file, or it is not as agreed.
    """
    path = settings.owners_file
    if not is_private(path, "公众号凭据"):
        if settings.wechat_owners is not None:
            raise UserError(f"公众号凭据 {path} 不存在：请检查 XUNJIAN_WECHAT_OWNERS")
        return {}
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        # Its text may quote the file.
        raise UserError(f"公众号凭据 {path} 读不懂（{type(error).__name__}）：{_FORM}") from None
    if not isinstance(content, dict):
        raise UserError(f"公众号凭据 {path}：{_FORM}")
    return {str(uid).removeprefix("wechat:"): _key(path, str(uid), said) for uid, said in content.items()}


def _key(path: Path, uid: str, said: Any) -> OwnerKey:
    fields = said if isinstance(said, dict) else {}
    appid, secret = str(fields.get("appid", "")), str(fields.get("secret", ""))
    if set(fields) != {"appid", "secret"}:
        raise UserError(f"公众号凭据 {path}，{uid}：{_FORM}")
    if not _APPID.fullmatch(appid):
        raise UserError(f"公众号凭据 {path}，{uid}：appid 应为 wx 加 16 位小写十六进制")
    if not _SECRET.fullmatch(secret):
        raise UserError(f"公众号凭据 {path}，{uid}：secret 应为 32 位小写十六进制")
    return OwnerKey(appid, SecretStr(secret))
