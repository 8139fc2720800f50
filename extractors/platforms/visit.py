"""Looking at an account in a real browser, the same way on all four platforms.

The listener is there before the page goes anywhere; the wait is for the platform's own list, never for a
quiet network. Each piece of the list is read as it comes, and the look ends as soon as it reaches back
far enough.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Protocol
from urllib.parse import urlsplit

import structlog
from playwright.async_api import Error, Page

from extractors.browser import Browser
from extractors.outcomes import OK, Outcome
from extractors.owners import OwnerKey
from extractors.plan import WINDOW, Plan
from extractors.platforms.backend import BackendVisitor
from extractors.platforms.catalogue import PLATFORMS
from extractors.platforms.listening import Listener, net_error
from extractors.platforms.look import Look, answer
from extractors.platforms.platform import Paging, Platform, Start
from extractors.platforms.reading import Reading
from extractors.platforms.replay import journalled
from extractors.records import Seen, Subject, Visit
from extractors.sampling import Sampled
from extractors.sessions import session_file, session_hosts
from settings import Settings

log = structlog.get_logger(__name__)

MOST_PAGES = 200
_NO_KEYS: Mapping[str, OwnerKey] = {}
# After a refusal or an empty list: time for the page's own retry, its captcha, its profile.
_AFTERMATH_SECONDS = 2.0
_SCROLL_AGAIN_SECONDS = 0.8

# Bring the end of the list into view. Where it is in view already, or all of it fits, the page is told so
# by a scroll event: with pictures left out a list may be too short to scroll.
_SCROLL = """selector => {
  const scrolls = e => e.scrollHeight > e.clientHeight + 4
    && /auto|scroll|overlay/.test(getComputedStyle(e).overflowY);
  let e = selector && document.querySelector(selector), inner = [];
  for (; e && e !== document.body; e = e.parentElement) inner.push(e);
  const target = inner.find(scrolls) || document.scrollingElement;
  target.scrollTop -= 120;
  requestAnimationFrame(() => {
    const before = target.scrollTop;
    target.scrollTop = target.scrollHeight;
    const still = target.scrollTop === before || !inner.includes(target);
    if (still) for (const t of [...inner, window]) t.dispatchEvent(new Event('scroll'));
  });
}"""


# As the page's own scripts would ask.
_ASK = """async url => {
  const token = (document.cookie.match(/XSRF-TOKEN=([^;]+)/) || [])[1] || '';
  await (await fetch(url, {headers: {'X-Requested-With': 'XMLHttpRequest', 'X-XSRF-TOKEN': token}})).text();
}"""


class Visitor(Protocol):
    """Looks at the accounts of one platform, one after another.

    ``ways`` are those to an account, the best first, which is the one gone where none is named; ``links``:
    addresses of single publications of its, where any are known.
    """

    def ways(self, subject: Subject, links: Sequence[str] = ()) -> Sequence[Start]: ...

    async def visit(self, subject: Subject, plan: Plan, start: Start | None = None) -> Visit: ...


@asynccontextmanager
async def account_visitor(
    browser: Browser,
    platform: str,
    settings: Settings,
    sampled: Sampled = lambda _subject_id: False,
    owners: Mapping[str, OwnerKey] = _NO_KEYS,
) -> AsyncIterator[Visitor]:
    """A visitor for ``platform``; who is ``sampled`` has a picture taken even where all is well.

    ``owners``: keys of accounts, by uid, that open their official API.

    Raises :class:`errors.UserError` where its login state may not be used.
    """
    known = PLATFORMS[platform]
    if known.paging is Paging.FETCH:
        backend = BackendVisitor(browser, known, settings, owners)
        try:
            yield backend
        finally:
            await backend.close()
    else:
        yield PageVisitor(browser, known, settings, sampled)


class PageVisitor:
    """Opens each account's own page in a context of its own."""

    def __init__(self, browser: Browser, platform: Platform, settings: Settings, sampled: Sampled) -> None:
        self._sampled = sampled
        self._browser = browser
        self._platform = platform
        self._settings = settings
        self._session = session_file(settings, platform.name)
        self._hosts = session_hosts(self._session)

    def ways(self, subject: Subject, links: Sequence[str] = ()) -> Sequence[Start]:  # noqa: ARG002
        return self._platform.starts(subject.uid, self._hosts)

    async def visit(self, subject: Subject, plan: Plan, start: Start | None = None) -> Visit:
        """Look at ``subject``. Whatever happens on the way becomes the visit's outcome."""
        start = start or self.ways(subject)[0]
        session = None if start.anonymous else self._session
        look = Look(self._platform, subject, plan, start, anonymous=session is None)
        async with self._browser.page(session) as page:
            listener = await Listener.on(page, look)
            try:
                await self._follow(page, look, listener)
                await self._cross_check(page, look)
            finally:
                await listener.close()
            await self._document(page, look, listener)
            reading = look.reading()
            role = "screenshot" if look.needs_screenshot(reading) else "sample"
            is_pictured = role == "screenshot" or self._sampled(subject.id)
            screenshot = await self._screenshot(page, look, role) if is_pictured else None
            return journalled(look, look.visit(reading, screenshot))

    async def _follow(self, page: Page, look: Look, listener: Listener) -> None:
        """Open the page and follow its list. Each piece has ``page_seconds``."""
        clock = asyncio.get_running_loop()
        seconds = self._settings.page_seconds
        try:
            async with asyncio.timeout(seconds) as deadline:
                if look.start.before:
                    await page.goto(look.start.before, wait_until="domcontentloaded", timeout=0)
                await page.goto(look.start.url, wait_until="commit", timeout=0)
                await self._first_list(page, look, listener)
                reading = await self._settled(look, listener)
                while reading.wants_more and look.lists < MOST_PAGES:
                    await asyncio.sleep(self._settings.pace_seconds / 8 * random.uniform(0.5, 1.5))  # noqa: S311
                    deadline.reschedule(clock.time() + seconds)
                    if not await self._next_list(page, look, listener):
                        look.failure = listener.failed or "翻页后列表不再应答"
                        return
                    reading = look.reading()
        except TimeoutError:
            look.failure = f"{seconds:g} 秒内没有应答"
        except Error as error:
            look.failure = net_error(error.message)

    async def _first_list(self, page: Page, look: Look, listener: Listener) -> None:
        """Until the list comes, or the page shows for long enough that it will not."""
        clock = asyncio.get_running_loop()
        opened, shown_since, shown = clock.time(), clock.time(), None
        while not look.lists:
            await listener.wait(0.3)
            if look.lists:
                return
            await self._document(page, look, listener)
            sign = self._platform.shows(look.document) if look.document else None
            now = clock.time()
            if sign != shown:
                shown, shown_since = sign, now
            if sign is not None and now - shown_since >= sign.settle:
                return
            if listener.failed and not listener.list_is_under_way and now - shown_since >= _AFTERMATH_SECONDS:
                look.failure = listener.failed
                return
            idle = sign is None and not listener.list_is_under_way
            if idle and now - opened > self._settings.page_seconds / 2:
                return

    async def _settled(self, look: Look, listener: Listener) -> Reading:
        """The first reading — after a moment's patience where it is not the plain truth yet."""
        clock = asyncio.get_running_loop()
        patience = clock.time() + _AFTERMATH_SECONDS
        reading = look.reading()
        if not look.lists:
            return reading
        while not (reading.outcome in OK and reading.items_seen) and clock.time() < patience:
            await listener.wait(0.3)
            reading = look.reading()
            if reading.outcome is Outcome.OK_COMPLETE:
                break
        return reading

    async def _cross_check(self, page: Page, look: Look) -> None:
        """Where a whole list shows nothing in a window, the platform itself is asked what was in it."""
        reading = look.reading()
        if reading.outcome is not Outcome.OK_COMPLETE:
            return
        for point in look.unmet(reading):
            url = self._platform.window_url(look.subject.uid, point - WINDOW, point)
            if not url or urlsplit(url).hostname != urlsplit(page.url).hostname:
                return
            try:
                async with asyncio.timeout(self._settings.page_seconds):
                    await page.evaluate(_ASK, url)  # the listener takes the answer
            except (Error, TimeoutError) as error:
                log.warning("no_cross_check", subject=look.subject.id, error=type(error).__name__)
                return

    async def _next_list(self, page: Page, look: Look, listener: Listener) -> bool:
        """Bring the page to ask for more, and wait for the answer. ``False`` where none came."""
        clock = asyncio.get_running_loop()
        have, patience = look.lists, clock.time() + min(15.0, self._settings.page_seconds / 2)
        listener.failed = ""
        while look.lists == have and not listener.failed:
            if not listener.list_is_under_way:
                if clock.time() > patience:
                    return False
                await page.evaluate(_SCROLL, self._platform.grid)
            await listener.wait(_SCROLL_AGAIN_SECONDS)
        return look.lists > have

    async def _document(self, page: Page, look: Look, listener: Listener) -> None:
        """The document as it stands now; the one before is kept where it cannot be had."""
        if listener.status is None:
            return  # nothing was ever answered: what the browser shows is its own error page
        try:
            async with asyncio.timeout(10):
                html = await page.content()
        except (Error, TimeoutError):
            return  # it is just being replaced, or the page has crashed
        body = html.encode()
        look.document = answer("page", page.url, listener.status, listener.headers, body, "text/html")

    async def _screenshot(self, page: Page, look: Look, role: str) -> Seen | None:
        if page.url == "about:blank":
            return None  # nothing has come: there is nothing to be seen
        try:
            picture = await page.screenshot(type="png", full_page=False, timeout=5_000)
        except Error as error:
            log.warning("no_screenshot", subject=look.subject.id, error=net_error(error.message))
            return None
        return answer(role, page.url, None, {}, picture, "image/png")
