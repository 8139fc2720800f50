"""Listening to a page: its own requests are signed by itself, and their answers are what is read."""

import asyncio
import base64
import re
from collections import Counter
from typing import Any, Self
from urllib.parse import urlsplit

import structlog
from playwright.async_api import CDPSession, Error, Page, Request, Response

from extractors.platforms.look import Look, answer

log = structlog.get_logger(__name__)

_REDIRECTS = range(300, 400)
# Answers are taken where they arrive, before the page has them: a page that never reads a body to its end
# (a profile asked for in passing) would keep that body from whoever waits for it afterwards.
_AS_THEY_ARRIVE = [
    {"urlPattern": "*", "resourceType": kind, "requestStage": "Response"} for kind in ("XHR", "Fetch")
]


class Listener:
    """Puts every answer that matters into ``look.seen``. Made before the page goes anywhere."""

    def __init__(self, page: Page, look: Look, cdp: CDPSession) -> None:
        self._page = page
        self._look = look
        self._cdp = cdp
        self._arrived = asyncio.Event()
        self._reading: set[asyncio.Task[None]] = set()
        self._asked: Counter[str] = Counter()  # lists under way, by address
        self.status: int | None = None  # of the main document, the last one that was navigated to
        self.headers: dict[str, str] = {}
        self.failed = ""  # why a list that was asked for did not come

    @classmethod
    async def on(cls, page: Page, look: Look) -> Self:
        """A listener on ``page``, already listening."""
        cdp = await page.context.new_cdp_session(page)
        listener = cls(page, look, cdp)
        page.on("request", listener._on_request)
        page.on("response", listener._on_response)
        page.on("requestfailed", listener._on_failed)
        cdp.on("Fetch.requestPaused", listener._on_answer)
        await cdp.send("Fetch.enable", {"patterns": _AS_THEY_ARRIVE})
        return listener

    @property
    def list_is_under_way(self) -> bool:
        """Whether the page has asked for a list that has neither come nor failed."""
        return self._asked.total() > 0

    async def wait(self, seconds: float) -> None:
        """Until something arrives or fails, at most ``seconds``."""
        self._arrived.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._arrived.wait()
        except TimeoutError:
            pass

    async def close(self) -> None:
        """Stop; an answer that is just being taken is no longer waited for."""
        for task in self._reading:
            task.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)

    def _on_request(self, request: Request) -> None:
        try:
            sent = request.post_data or ""
        except UnicodeDecodeError:
            sent = ""
        if self._look.platform.role_of(request.url, sent) == "list":
            self._asked[request.url] += 1

    def _on_failed(self, request: Request) -> None:
        if self._asked[request.url] > 0:
            self._asked[request.url] -= 1
            self.failed = f"列表请求失败：{net_error(request.failure or '')}"
            self._arrived.set()

    def _on_response(self, response: Response) -> None:
        request = response.request
        to_main_frame = request.is_navigation_request() and request.frame == self._page.main_frame
        if to_main_frame and response.status not in _REDIRECTS:
            self.status, self.headers = response.status, response.headers

    def _on_answer(self, event: dict[str, Any]) -> None:
        task = asyncio.create_task(self._take(event))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _take(self, event: dict[str, Any]) -> None:
        """Keep the answer if it matters, then let the page have it."""
        request, status = event["request"], event.get("responseStatusCode")
        role = self._look.platform.role_of(request["url"], request.get("postData", ""))
        try:
            if role is not None and status is not None and status not in _REDIRECTS:
                got = await self._cdp.send("Fetch.getResponseBody", {"requestId": event["requestId"]})
                body = base64.b64decode(got["body"]) if got["base64Encoded"] else got["body"].encode()
                headers = {h["name"].lower(): h["value"] for h in event.get("responseHeaders", [])}
                self._look.seen.append(answer(role, request["url"], status, headers, body))
                if self._asked[request["url"]] > 0:
                    self._asked[request["url"]] -= 1
        except Error as error:
            # A body that could not be had is not an empty body.
            self.failed = f"应答读取失败：{net_error(error.message)}"
            log.warning("body_not_read", role=role, host=urlsplit(request["url"]).hostname)
        finally:
            self._arrived.set()
        try:
            await self._cdp.send("Fetch.continueRequest", {"requestId": event["requestId"]})
        except Error:
            return  # the page is gone: nobody waits for this answer any more


def net_error(message: str) -> str:
    """The network's own name for what happened. The whole message may hold an address with a token."""
    found = re.search(r"net::\w+|NS_\w+", message)
    return found[0] if found else "浏览器报错"
