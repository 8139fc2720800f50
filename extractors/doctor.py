"""Is this machine ready to capture? Each answer says what to do where it is not."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from errors import UserError
from extractors.browser import find_chromium
from extractors.platforms.catalogue import PLATFORMS
from extractors.registry import read_registry
from extractors.sessions import session_file, session_hosts
from settings import Settings

# A quarter of one city takes well under this: bodies are kept compressed.
_ROOM_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Answer:
    what: str
    fine: bool
    says: str


def examine(settings: Settings) -> Iterator[Answer]:
    """Look at what a capture needs: browser, fonts, disk, registry, login states. Opens no page."""
    yield _asked("浏览器", lambda: str(find_chromium(settings)))
    yield _fonts()
    yield _disk(settings)
    yield _asked("台账", partial(_registry, settings))
    for platform in PLATFORMS:
        yield _asked(f"登录 {platform}", partial(_session, settings, platform))


def _asked(what: str, question: Callable[[], str]) -> Answer:
    try:
        return Answer(what, True, question())
    except UserError as error:
        return Answer(what, False, str(error))


def _fonts() -> Answer:
    lister = shutil.which("fc-list")
    listed = subprocess.run([lister, ":lang=zh"], capture_output=True, check=False).stdout if lister else b""
    says = "有" if listed else "没有：截图中的汉字会是方块，请装 fonts-noto-cjk"
    return Answer("中文字体", bool(listed), says)


def _disk(settings: Settings) -> Answer:
    place = settings.root
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    says = f"{settings.root} 可用 {free / 1024**3:.1f} GB"
    fine = free > _ROOM_BYTES
    return Answer("磁盘", fine, says if fine else f"{says}，请清理或改 XUNJIAN_DATA")


def _registry(settings: Settings) -> str:
    registry = read_registry(settings.registry)
    return f"{len(registry.accounts)} 个账号，{len(registry.websites)} 个网站，{registry.plan.period}"


def _session(settings: Settings, platform: str) -> str:
    path: Path | None = session_file(settings, platform)
    if path is None:
        raise UserError(f"未登录：运行 xunjian login {platform}；不登录时只能当访客看，证明不了“未更新”")
    session_hosts(path)
    saved = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone()
    return f"登录状态存于 {saved:%Y年%-m月%-d日 %H:%M}"
