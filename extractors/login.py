"""An operator logs in by hand, in a browser window of this tool's; the login state is kept for captures."""

import asyncio
import json
import os
from pathlib import Path

from playwright.async_api import Error, async_playwright

from errors import UserError
from extractors.browser import find_chromium, proxy_of
from extractors.platforms.catalogue import PLATFORMS
from extractors.platforms.listening import net_error
from extractors.sessions import login_ends
from settings import Settings

LOGIN_PAGES = {
    "douyin": "https://www.douyin.com/",
    "kuaishou": "https://www.kuaishou.com/",
    "wechat": "https://mp.weixin.qq.com/",
    "weibo": "https://weibo.com/",
}


def login(settings: Settings, platform: str) -> Path:
    """Open ``platform``'s page in a window, wait for the operator, keep the login state. Returns its file.

    Raises :class:`errors.UserError` for another platform, where no window can be opened or nobody logged in;
    the login state of before is then left as it was.
    """
    if platform not in PLATFORMS:
        raise UserError(f"没有“{platform}”这个平台，应为 {'、'.join(PLATFORMS)} 之一")
    state = asyncio.run(_by_hand(settings, LOGIN_PAGES[platform]))
    login_ends(state, platform)
    return keep_session(settings.sessions, platform, state)


def keep_session(sessions: Path, platform: str, state: str) -> Path:
    """Write a login state so that only this user can ever read it: by a private file and a rename."""
    sessions.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = sessions / f"{platform}.json"
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(state)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


async def _by_hand(settings: Settings, url: str) -> str:
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(
                executable_path=find_chromium(settings),
                headless=False,
                args=["--no-sandbox"] if os.geteuid() == 0 else [],  # Chromium refuses to sandbox as root
                proxy=proxy_of(settings.proxy),
            )
        except Error as error:
            reason = str(error).splitlines()[0]
            raise UserError(f"打不开浏览器窗口，请在有图形界面的机器上登录（{reason}）") from None
        context = await browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", ignore_https_errors=not settings.tls_verify
        )
        try:
            await (await context.new_page()).goto(url, wait_until="commit")
            await asyncio.to_thread(input, "请在浏览器窗口中扫码登录，看到自己的主页后回到这里按回车：")
            return json.dumps(await context.storage_state(), ensure_ascii=False)
        except Error as error:
            raise UserError(f"没有登录成：{net_error(error.message)}（{url}，或窗口已被关闭）") from None
        except EOFError:
            raise UserError("请在终端中运行 xunjian login：登录后要在这里按回车") from None
        finally:
            await browser.close()
