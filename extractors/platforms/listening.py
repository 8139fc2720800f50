"""Listening to a page: its own requests are signed by itself, and their answers are what is read."""

import asyncio
import re
from urllib.parse import urlsplit

import structlog
from playwright.async_api import Error, Page, Request, Response

from extractors.platforms.look import Look, answer

log = structlog.get_logger(__name__)


class Listener:
    """Puts every answer that matters into ``look.seen``. Made before the page goes anywhere."""

    def __init__(self, page: Page, look: Look) -> None:
        self._page = page
        self._look = look
        self._arrived = asyncio.Event()
        self._reading: list[asyncio.Task[None]] = []
        self._asked: set[Request] = set()
        self.status: int | None = None  # of the main document, the last one that was navigated to
        self.headers: dict[str, str] = {}
        self.failed = ""  # why a list that was asked for did not come
        page.on("request", self._on_request)
        page.on("response", self._on_response)
        page.on("requestfailed", self._on_failed)

    @property
    def list_is_under_way(self) -> bool:
        """Whether the page has asked for a list that has neither come nor failed."""
        return bool(self._asked)

    async def wait(self, seconds: float) -> None:
        """Until something arrives or fails, at most ``seconds``."""
        self._arrived.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._arrived.wait()
        except TimeoutError:
            pass

    async def close(self) -> None:
        for task in self._reading:
            task.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)

    def _role(self, request: Request) -> str | None:
        try:
            body = request.post_data or ""
        except UnicodeDecodeError:
            body = ""
        return self._look.platform.role_of(request.url, body)

    def _on_request(self, request: Request) -> None:
        if self._role(request) == "list":
            self._asked.add(request)

    def _on_failed(self, request: Request) -> None:
        self._asked.discard(request)
        if self._role(request) == "list":
            self.failed = f"列表请求失败：{net_error(request.failure or '')}"
            self._arrived.set()

    def _on_response(self, response: Response) -> None:
        request = response.request
        if request.is_navigation_request():
            if request.frame == self._page.main_frame and response.status not in range(300, 400):
                self.status, self.headers = response.status, response.headers
            return
        role = self._role(request)
        if role is not None:
            self._reading.append(asyncio.create_task(self._keep(role, response, self._reading[-1:])))

    async def _keep(self, role: str, response: Response, before: list[asyncio.Task[None]]) -> None:
        try:
            body = await response.body()
            if before:  # answers are kept in the order in which they came, not in that of being read
                await asyncio.wait(before)
        except Error as error:
            # A body that could not be fetched is not an empty body.
            if response.status not in range(300, 400):
                self.failed = f"应答读取失败：{net_error(error.message)}"
                log.warning("body_not_read", role=role, host=urlsplit(response.url).hostname)
        else:
            self._look.seen.append(answer(role, response.url, response.status, response.headers, body))
        finally:
            self._asked.discard(response.request)
            self._arrived.set()


def net_error(message: str) -> str:
    """The network's own name for what happened. The whole message may hold an address with a token."""
    found = re.search(r"net::\w+|NS_\w+", message)
    return found[0] if found else "浏览器报错"
