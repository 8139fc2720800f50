"""WeChat: one backend page, opened once, asks for each account's list from inside.

The token in the backend's address opens the operator's own account: it leaves this file only inside the
requests themselves. So no picture is taken of the backend: the list's bytes are the evidence.
"""

import asyncio
import base64
import random
import re
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack

import structlog
from playwright.async_api import Error, Page

from extractors.browser import Browser
from extractors.outcomes import Outcome
from extractors.owners import OwnerKey
from extractors.plan import Plan
from extractors.platforms import wechat_owner
from extractors.platforms.article import look_at_article
from extractors.platforms.listening import net_error
from extractors.platforms.look import Look, answer
from extractors.platforms.owner import look_by_owner
from extractors.platforms.platform import Platform, Start
from extractors.platforms.replay import journalled
from extractors.platforms.wechat import HOME, next_url, token_of
from extractors.platforms.wechat_article import article_start
from extractors.records import Seen, Subject, Visit
from extractors.sessions import session_file
from settings import Settings

log = structlog.get_logger(__name__)

MOST_PAGES = 200
_REDIRECT_SECONDS = 3.0
# After these the page is of no more use: the next account gets a fresh one.
_SPENT = frozenset({Outcome.LOGIN_REQUIRED, Outcome.CAPTCHA, Outcome.UNREACHABLE})

_FETCH = """async ([url, milliseconds]) => {
  const r = await fetch(url, {credentials: 'include', signal: AbortSignal.timeout(milliseconds),
    headers: {'X-Requested-With': 'XMLHttpRequest'}});
  const blob = await r.blob();
  const data = await new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result); reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });
  return {url: r.url, status: r.status, date: r.headers.get('date'), type: r.headers.get('content-type'),
    body: data.slice(data.indexOf(',') + 1)};
}"""


class BackendVisitor:
    """Holds the backend's page from the first account to the last."""

    def __init__(
        self, browser: Browser, platform: Platform, settings: Settings, owners: Mapping[str, OwnerKey]
    ) -> None:
        self._browser = browser
        self._owners = owners
        self._platform = platform
        self._settings = settings
        self._session = session_file(settings, platform.name)
        self._stack = AsyncExitStack()
        self._page: Page | None = None
        self._token = ""

    async def close(self) -> None:
        """Close the backend's page; the next visit opens it anew."""
        self._page, self._token = None, ""
        await self._stack.aclose()

    def ways(self, subject: Subject, links: Sequence[str] = ()) -> Sequence[Start]:
        hosts = frozenset({wechat_owner.HOST} if subject.uid in self._owners else ())
        return (*self._platform.starts(subject.uid, hosts), *map(article_start, links))

    async def visit(self, subject: Subject, plan: Plan, start: Start | None = None) -> Visit:
        """Look at ``subject``. Whatever happens on the way becomes the visit's outcome."""
        start = start or self.ways(subject)[0]
        if start.keyed:
            return await look_by_owner(self._settings, self._owners[subject.uid], subject, plan)
        if start.anonymous:
            return await look_at_article(self._browser, self._settings, subject, plan, start)
        look = Look(self._platform, subject, plan, start, anonymous=self._session is None)
        screenshot = None
        try:
            if self._page is None:
                screenshot = await self._open(look)
            if self._page is not None:
                await self._ask(self._page, look)
        except TimeoutError:
            look.failure = f"{self._settings.page_seconds:g} 秒内没有应答"
        except Error as error:
            timed_out = "TimeoutError" in error.message
            seconds = f"{self._settings.page_seconds:g} 秒内没有应答"
            look.failure = seconds if timed_out else net_error(error.message)
        reading = look.reading()
        if reading.outcome in _SPENT or look.failure:
            await self.close()
        return journalled(look, look.visit(reading, screenshot))

    async def _open(self, look: Look) -> Seen | None:
        """Open the backend and read its token. Without a valid login: what is shown instead, as a picture."""
        async with asyncio.timeout(self._settings.page_seconds):
            page = await self._stack.enter_async_context(self._browser.page(self._session))
            response = await page.goto(HOME, wait_until="domcontentloaded", timeout=0)
            give_up = asyncio.get_running_loop().time() + _REDIRECT_SECONDS
            while (token := token_of(page.url)) is None and asyncio.get_running_loop().time() < give_up:
                await asyncio.sleep(0.2)
            if token is not None:
                self._page, self._token = page, token
                return None
            html = (await page.content()).encode()
            status, headers = (response.status, response.headers) if response else (None, {})
            look.document = answer("page", page.url, status, headers, html, "text/html")
            return answer("screenshot", page.url, None, {}, await page.screenshot(), "image/png")

    async def _ask(self, page: Page, look: Look) -> None:
        """Five messages at a time, until they are old enough."""
        wants_more = True
        while wants_more and look.lists < MOST_PAGES:
            if look.lists:
                await asyncio.sleep(self._settings.pace_seconds / 8 * random.uniform(0.5, 1.5))  # noqa: S311
            url = next_url(look.subject.uid, look.lists, self._token)
            async with asyncio.timeout(self._settings.page_seconds + 5):
                got = await page.evaluate(_FETCH, [url, int(self._settings.page_seconds * 1000)])
            body = re.sub(rb"(token=)%s\b" % self._token.encode(), rb"\1-", base64.b64decode(got["body"]))
            headers = {"date": got["date"] or "", "content-type": got["type"] or ""}
            look.seen.append(answer("list", got["url"], got["status"], headers, body))
            wants_more = look.reading().wants_more
