"""One browser tab on one site: going to an address, past a challenge, waiting for what scripts fill in."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urldefrag, urlsplit

from playwright.async_api import Error, Page, Request, Response, Route

from extractors.outcomes import Outcome
from extractors.platforms.listening import net_error
from extractors.platforms.look import answer
from extractors.records import Seen
from extractors.urls import check_resolves_publicly, check_url
from extractors.websites.classify import is_challenge, same_host
from extractors.websites.pages import HtmlPage, decode
from extractors.websites.turns import HostTurn
from settings import Settings, is_loopback

# A script challenge (521, 412) sets a cookie and reloads the page within a second or two, or never.
_CHALLENGE_SECONDS = 10.0
# How long scripts may take to fill a list once the page has loaded, and how long without a request counts
# as done.
_SETTLE_SECONDS = 8.0
_QUIET_SECONDS = 0.4
_REFRESHES = 2
_MOST_BYTES = 8 * 2**20
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", ""})
_DATA_TYPES = _PAGE_TYPES | {"application/json", "text/json", "text/xml", "application/xml"}
_TURN_WORDS = re.compile(r"^\s*(?:下一页|下页|后一页|加载更多|查看更多)\s*[>»]*\s*$")
_PRESS_SECONDS = 3.0


class NotLoaded(Exception):
    """No page came. ``outcome`` and ``detail`` say why."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Loaded:
    """A page that came, whatever it says: the bytes as evidence and the same bytes parsed."""

    seen: Seen
    page: HtmlPage
    status: int
    read_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def now(self) -> datetime:
        """The response's own clock; the machine's only where the response has none."""
        return self.seen.server_date or self.read_at


class Tab:
    """Goes from page to page of a site. After a page that failed the next one gets a fresh tab: a crashed
    one opens nothing any more, and a page that reloads for ever would interrupt the next."""

    def __init__(self, page: Page, settings: Settings, turn: HostTurn) -> None:
        self._page = page
        self._turn = turn
        self._settings = settings
        self._proxy_decides = bool(settings.proxy and is_loopback(settings.proxy))
        self._guarded = False
        self._spoilt = False
        self._types = _PAGE_TYPES
        self._documents: list[Response] = []
        self._arrived = asyncio.Event()
        self._under_way: set[Request] = set()
        self._calls: set[Request] = set()  # made by the scripts of the document that is shown
        self.failed_calls: list[str] = []  # those of them that came to nothing, each with why
        self._listen(page)

    def clock(self, _url: str) -> datetime:
        """When the page that is opened now began to be (UTC)."""
        return datetime.now(UTC)

    async def load(self, url: str, role: str, *, data: bool = False) -> Loaded:
        """Go to ``url``, when it is our turn at its host; ``role`` is kept with the evidence. ``data``: JSON
        and XML, which a page's own scripts would ask for, will do.

        Raises :class:`NotLoaded`; Playwright's ``Error`` only where the browser itself is gone.
        """
        try:
            check_url(url)
            if self._settings.proxy is None:  # a proxy resolves names by itself
                await check_resolves_publicly(url)
        except ValueError as error:
            raise NotLoaded(Outcome.NOT_FOUND, str(error)) from error
        await self._make_ready(url)
        self._types = _DATA_TYPES if data else _PAGE_TYPES
        try:
            async with asyncio.timeout(self._settings.page_seconds):
                return await self._go(url, role)
        except TimeoutError:
            self._spoilt = True
            detail = f"{self._settings.page_seconds:g} 秒内没有打开"
            raise NotLoaded(Outcome.UNREACHABLE, detail) from None
        except Error as error:
            self._spoilt = True
            name = net_error(error.message)
            if name == "net::ERR_ABORTED":
                raise NotLoaded(Outcome.LAYOUT_CHANGED, "不是网页（下载或空应答）") from error
            raise NotLoaded(Outcome.UNREACHABLE, name) from error
        except NotLoaded:
            self._spoilt = True
            raise

    async def settled(self, before: Loaded) -> Loaded:
        """The page as its scripts leave it: wait until it has loaded and asks for nothing more.

        ``before`` itself where there is nothing to wait for or the page cannot be read any more. A page
        that does not come to rest is incomplete: ``failed_calls`` then says so.
        """
        if "<script" not in before.page.html.lower():
            return before
        seconds = min(_SETTLE_SECONDS, self._settings.page_seconds)
        try:
            async with asyncio.timeout(seconds):
                await self._page.wait_for_load_state("load")
                await self._quiet()
        except (TimeoutError, Error):
            self._spoilt = True
            self.failed_calls.append(f"{seconds:g} 秒内没有加载完")
        try:
            async with asyncio.timeout(5):
                html = await self._page.content()
        except (TimeoutError, Error):
            self._spoilt = True
            return before
        url = self._page.url
        if not url.startswith("http"):  # the browser's own error page: the script led nowhere
            return before
        last = self._documents[-1] if self._documents else None
        status = last.status if last else before.status
        body = html.encode()
        seen = answer(
            before.seen.role, url, status, last.headers if last else {}, body, "text/html; charset=utf-8"
        )
        return Loaded(seen, HtmlPage(url, html), status)

    def shows(self, loaded: Loaded) -> bool:
        """Whether the tab still shows this page, whatever its scripts have made of it."""
        return not self._spoilt and urldefrag(self._page.url).url == urldefrag(loaded.page.url).url

    async def turned(self, before: Loaded) -> tuple[Loaded | None, bool]:
        """The page after its own "下一页" was pressed, where that is a script's; and where it cannot be,
        whether the button is there but put away, as on a last page."""
        try:
            buttons = await self._page.get_by_text(_TURN_WORDS).all()
            for button in buttons:
                if await button.is_visible() and await button.is_enabled():
                    await self._turn.take(before.page.url)
                    await button.click(timeout=_PRESS_SECONDS * 1000)
                    return await self.settled(before), False
        except Error:
            return None, False
        return None, bool(buttons)

    async def screenshot(self, role: str) -> Seen | None:
        """What the tab shows, as a picture; ``None`` where it shows nothing any more."""
        if not self._page.url.startswith("http"):
            return None
        with suppress(Error):  # a page that goes on loading is taken as it stands
            await self._page.wait_for_load_state("load", timeout=3_000)
        try:
            picture = await self._page.screenshot(type="png", full_page=False, timeout=5_000)
        except Error:
            return None
        return answer(role, self._page.url, None, {}, picture, "image/png")

    async def _make_ready(self, url: str) -> None:
        # Only the fragment differs: the browser would not ask again.
        is_here = urldefrag(url).url == urldefrag(self._page.url).url
        # What another host sent is put away before its turn is given back.
        is_elsewhere = not self._turn.is_for(url) and self._page.url != "about:blank"
        if self._spoilt or is_here or is_elsewhere:
            stale, self._page = self._page, await self._page.context.new_page()
            self._spoilt = False
            self._listen(self._page)
            await _close(stale)
        await self._turn.take(url)
        if not self._guarded and not self._proxy_decides:
            await self._page.context.route(_leads_inside, _abort)
            self._guarded = True
        self._documents.clear()
        self._under_way.clear()

    async def _go(self, url: str, role: str) -> Loaded:
        for _ in range(_REFRESHES + 1):
            response = await self._page.goto(url, wait_until="commit", timeout=0)
            if response is None:
                raise NotLoaded(Outcome.UNREACHABLE, "没有应答")
            loaded = await self._past_challenge(response, role)
            target = loaded.page.refresh_url
            if target is None or target == loaded.page.url or not _same_site(target, loaded.page.url):
                return loaded
            url = target  # a home page that only leads on to where the site really begins
        return loaded

    async def _past_challenge(self, response: Response, role: str) -> Loaded:
        """The page at last, where a script puts another in place of the one that came first."""
        clock = asyncio.get_running_loop()
        deadline = clock.time() + _CHALLENGE_SECONDS
        challenge: Loaded | None = None
        while True:
            loaded = await self._read(response, role)
            if loaded is not None and not is_challenge(response.status, loaded.page.html):
                self._spoilt = False
                return loaded
            challenge = loaded or challenge
            self._spoilt = True  # should it never pass, it reloads for ever
            try:
                async with asyncio.timeout_at(deadline):
                    response = await self._document_after(response)
                    await asyncio.sleep(0)  # where the time is up, let that be heard
            except TimeoutError:
                if challenge is None:
                    raise
                return challenge

    async def _document_after(self, response: Response) -> Response:
        while self._documents[-1:] in ([], [response]):
            self._arrived.clear()
            await self._arrived.wait()
        return self._documents[-1]

    async def _read(self, response: Response, role: str) -> Loaded | None:
        """The page of one response; None where the browser has dropped it for another."""
        content_type = response.headers.get("content-type", "")
        if not self._proxy_decides and _leads_inside(response.url):
            raise NotLoaded(Outcome.IDENTITY_MISMATCH, "moved: 内网地址")
        if response.status < 400 and content_type.partition(";")[0].strip().lower() not in self._types:
            raise NotLoaded(Outcome.LAYOUT_CHANGED, f"不是网页：{content_type[:60]}")
        length = response.headers.get("content-length", "")
        if length.isdecimal() and int(length) > _MOST_BYTES:
            raise NotLoaded(Outcome.LAYOUT_CHANGED, "网页过大")
        try:
            body = await response.body()
        except Error as error:
            if "No resource with given identifier" in error.message or self._documents[-1:] != [response]:
                return None
            raise
        seen = answer(role, response.url, response.status, response.headers, body, content_type)
        return Loaded(seen, HtmlPage(response.url, decode(body, content_type)), response.status)

    async def _quiet(self) -> None:
        quiet_since = asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() - quiet_since < _QUIET_SECONDS:
            await asyncio.sleep(0.05)
            if self._under_way:
                quiet_since = asyncio.get_running_loop().time()

    # what the page does by itself

    def _listen(self, page: Page) -> None:
        page.on("request", self._on_request)
        page.on("response", self._on_response)
        page.on("requestfinished", self._on_finished)
        page.on("requestfailed", self._on_failed)

    def _on_request(self, request: Request) -> None:
        if request.is_navigation_request() and request.frame == self._page.main_frame:
            self._calls.clear()
            self.failed_calls.clear()
        if request.resource_type in ("xhr", "fetch"):
            self._calls.add(request)
        if request.resource_type in ("xhr", "fetch", "script", "document"):
            self._under_way.add(request)

    def _on_response(self, response: Response) -> None:
        request = response.request
        if request.is_navigation_request():
            if request.frame == self._page.main_frame and response.status not in range(300, 400):
                self._documents.append(response)
                self._arrived.set()
        elif response.status >= 400:
            self._under_way.discard(request)  # a body that no script asks for never finishes
            self._note_failure(request, f"HTTP {response.status}")

    def _on_finished(self, request: Request) -> None:
        self._under_way.discard(request)

    def _on_failed(self, request: Request) -> None:
        self._under_way.discard(request)
        reason = net_error(request.failure or "")
        if reason != "net::ERR_ABORTED":  # given up by the page itself
            self._note_failure(request, reason)

    def _note_failure(self, request: Request, reason: str) -> None:
        if request in self._calls and _same_site(request.url, self._page.url):
            self.failed_calls.append(f"{urlsplit(request.url).path} {reason}")


def _same_site(one: str, other: str) -> bool:
    return same_host(urlsplit(one).hostname or "", urlsplit(other).hostname or "")


def _leads_inside(url: str) -> bool:
    """Whether a page tries to make this browser ask an address inside the office's own network."""
    try:
        check_url(url)
    except ValueError:
        return url.startswith(("http:", "https:"))
    return False


async def _abort(route: Route) -> None:
    with suppress(Error):  # the page may have been closed meanwhile
        await route.abort()


async def _close(page: Page) -> None:
    with suppress(Error, TimeoutError):  # a crashed tab goes with its context
        async with asyncio.timeout(5):
            await page.close()
