"""One Chromium for one process: found, started, renewed, and gone when the work is.

Every look gets a context of its own, so nothing of one subject is left for the next. Images, media and
fonts are not fetched: dates are text. Nothing is disguised: pages see the browser that this is.
"""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import playwright
import structlog
from playwright.async_api import Browser as Chromium
from playwright.async_api import (
    BrowserContext,
    Error,
    Page,
    Playwright,
    ProxySettings,
    Route,
    async_playwright,
)

from errors import UserError
from settings import Settings

log = structlog.get_logger(__name__)

_SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge")
_UNFETCHED = frozenset({"image", "media", "font"})
_HOW_TO_GET_ONE = (
    "没有可用的 Chromium：运行 uv run playwright install chromium，或装系统包 chromium，"
    "或用 XUNJIAN_CHROMIUM 指定可执行文件"
)
_START_SECONDS = 60.0
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 — only its free space is asked


def find_chromium(settings: Settings) -> Path:
    """The Chromium to start: the one that is set, else Playwright's own, else the system's.

    Raises :class:`errors.UserError` that says how to get one.
    """
    if settings.chromium is not None:
        if not os.access(settings.chromium, os.X_OK) or settings.chromium.is_dir():
            raise UserError(f"XUNJIAN_CHROMIUM 指向的 {settings.chromium} 不是可执行文件")
        return settings.chromium
    for candidate in (*_playwrights_own(), *map(shutil.which, _SYSTEM_NAMES)):
        if candidate and os.access(candidate, os.X_OK):
            return Path(candidate)
    raise UserError(_HOW_TO_GET_ONE)


def _playwrights_own() -> list[Path]:
    """Where this Playwright's ``install`` puts its Chromium: only the build that it was made for."""
    known = Path(playwright.__file__).parent / "driver" / "package" / "browsers.json"
    revisions = {b["name"]: b["revision"] for b in json.loads(known.read_text())["browsers"]}
    caches = (
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH"),
        Path.home() / ".cache" / "ms-playwright",
        Path.home() / "Library" / "Caches" / "ms-playwright",
    )
    folders = (
        ("chromium", ("chrome-linux*/chrome", "chrome-mac*/*.app/Contents/MacOS/*")),
        ("chromium-headless-shell", ("*/headless_shell", "*/chrome-headless-shell")),
    )
    return [
        executable
        for cache in caches
        if cache
        for name, patterns in folders
        for pattern in patterns
        for executable in sorted(
            Path(cache).glob(f"{name.replace('-', '_')}-{revisions.get(name)}/{pattern}")
        )
    ]


class Browser:
    """``async with Browser(settings) as browser``: one Chromium, renewed after ``recycle_after`` contexts.

    Raises :class:`errors.UserError` where there is none, or where it cannot start.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._executable = find_chromium(settings)
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None
        self._turn = asyncio.Condition()
        self._open = 0
        self._opened = 0

    async def __aenter__(self) -> Self:
        self._playwright = await async_playwright().start()
        try:
            self._chromium = await self._start()
        except BaseException:
            await self._playwright.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._close_chromium()
        finally:
            if self._playwright is not None:
                await self._playwright.stop()

    @asynccontextmanager
    async def page(self, storage_state: Path | None = None) -> AsyncIterator[Page]:
        """A page in a fresh context, closed in any case.

        ``storage_state`` is a Playwright login state. Every Playwright call on the page gives up after
        ``page_seconds``; ``playwright.async_api.Error`` is raised where Chromium has died.
        """
        context = await self._context(storage_state)
        try:
            page = await context.new_page()
            yield page
        finally:
            await self._release(context)

    async def _context(self, storage_state: Path | None) -> BrowserContext:
        async with self._turn:
            # A worn or dead Chromium is replaced only when nobody is using it; newcomers wait for that.
            await self._turn.wait_for(lambda: self._open == 0 or not self._due())
            if self._due():
                await self._close_chromium()
                self._chromium = await self._start()
            assert self._chromium is not None
            context = await self._chromium.new_context(
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                ignore_https_errors=not self._settings.tls_verify,
                service_workers="block",
                accept_downloads=False,
                storage_state=storage_state,
            )
            self._open += 1
            self._opened += 1
        context.set_default_timeout(self._settings.page_seconds * 1000)
        await context.route("**/*", _leave_out_pictures)
        return context

    async def _release(self, context: BrowserContext) -> None:
        try:
            async with asyncio.timeout(10):
                await context.close()
        except (Error, TimeoutError) as error:
            log.warning("context_not_closed", error=type(error).__name__)
        finally:
            async with self._turn:
                self._open -= 1
                self._turn.notify_all()

    def _due(self) -> bool:
        """Whether this Chromium should be replaced: worn out, or dead."""
        return (
            self._chromium is None
            or not self._chromium.is_connected()
            or self._opened >= self._settings.recycle_after
        )

    async def _start(self) -> Chromium:
        assert self._playwright is not None
        self._opened = 0
        arguments = [
            "--disable-background-networking",
            "--disable-component-update",
            # Containers give /dev/shm 64 MB; Chromium then dies in the middle of a page.
            "--disable-dev-shm-usage",
        ]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")  # Chromium refuses to sandbox as root
        try:
            return await self._playwright.chromium.launch(
                executable_path=self._executable,
                args=arguments,
                proxy=proxy_of(self._settings.proxy),
                timeout=_START_SECONDS * 1000,
                # A signal is the engine's to answer: it closes Chromium itself, after its own bookkeeping.
                handle_sigint=False,
                handle_sigterm=False,
            )
        except Error as error:
            raise UserError(
                f"Chromium 无法启动（{self._executable}）：{_reason(error)}。"
                f"检查磁盘与 /dev/shm 是否已满（后者空闲 {_free(_SHARED_MEMORY)}），再运行 xunjian doctor"
            ) from error

    async def _close_chromium(self) -> None:
        chromium, self._chromium = self._chromium, None
        if chromium is None:
            return
        try:
            async with asyncio.timeout(20):
                await chromium.close()
        except (Error, TimeoutError) as error:
            log.warning("chromium_not_closed", error=type(error).__name__)


async def _leave_out_pictures(route: Route) -> None:
    try:
        if route.request.resource_type in _UNFETCHED:
            await route.abort()
        else:
            await route.continue_()
    except Error:
        pass  # the page has been closed meanwhile: nobody waits for this request any more


def proxy_of(url: str | None) -> ProxySettings | None:
    """``XUNJIAN_PROXY`` as Playwright wants it: name and password apart from the address."""
    if not url:
        return None
    parts = urlsplit(url)
    host = parts.hostname or ""
    server = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}"
    proxy = ProxySettings(server=f"{server}:{parts.port}" if parts.port else server)
    if parts.username:
        proxy["username"], proxy["password"] = parts.username, parts.password or ""
    return proxy


def _reason(error: Error) -> str:
    """The first line of Playwright's message that says something of Chromium itself."""
    lines = [line.strip() for line in error.message.splitlines() if line.strip()]
    telling = [line for line in lines if "ERROR" in line or "error while loading" in line or "FATAL" in line]
    return (telling or lines or [type(error).__name__])[0][:200]


def _free(path: Path) -> str:
    try:
        return f"{shutil.disk_usage(path).free // 2**20} MB"
    except OSError:
        return "未知"
