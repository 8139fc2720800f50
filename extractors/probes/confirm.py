"""A second look, in a real browser, at what did not open for the HTTP client: the browser's word counts.

Script challenges (521 加速乐, 412 瑞数) pass there, and so do servers whose TLS only browsers put up with.
"""

import asyncio
from contextlib import AsyncExitStack
from time import monotonic
from types import TracebackType
from typing import Self

import structlog
from playwright.async_api import Error

from errors import UserError
from extractors.browser import Browser, find_chromium
from extractors.outcomes import Outcome
from extractors.platforms.platform import without_secrets
from extractors.probes.answer import Answer
from extractors.probes.verdict import ProbeOutcome, judge_page
from extractors.websites.tab import NotLoaded, Tab
from extractors.websites.turns import host_turn
from settings import Settings

log = structlog.get_logger(__name__)


class Confirmer:
    """``async with Confirmer(settings, limit_seconds) as confirmer``: Chromium starts with the first look.

    Raises :class:`errors.UserError` at once where there is no Chromium.
    """

    def __init__(self, settings: Settings, limit_seconds: float) -> None:
        find_chromium(settings)  # better said before the round than in the middle of it
        # One page a site: no pause within a turn, and none in what is measured.
        self._settings = settings.model_copy(update={"page_seconds": limit_seconds, "pace_seconds": 0.0})
        self._limit_seconds = limit_seconds
        self._starting = asyncio.Lock()
        self._browser: Browser | None = None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def visit(self, url: str) -> Answer:
        """Open ``url`` in a tab of its own. A browser that fails us proves nothing of the site."""
        try:
            async with self._starting:
                if self._browser is None:
                    self._browser = await self._stack.enter_async_context(Browser(self._settings))
            async with host_turn(self._settings) as turn, self._browser.page() as page:
                await turn.take(url)  # waiting for it is our time, not the site's
                return await self._visit(Tab(page, self._settings, turn), url)
        except (Error, UserError) as error:
            log.error("browser_failed", url=without_secrets(url), error=type(error).__name__)
            return Answer(ProbeOutcome.UNPROVEN, f"浏览器出错，未能复核：{type(error).__name__}")

    async def _visit(self, tab: Tab, url: str) -> Answer:
        began = monotonic()
        try:
            loaded = await tab.load(url, "probe")
        except NotLoaded as error:
            seconds = monotonic() - began
            return Answer(self._outcome(error, seconds), error.detail, elapsed_ms=round(seconds * 1000))
        elapsed = round((monotonic() - began) * 1000)
        outcome, detail = judge_page(loaded.status, loaded.page)
        seen = loaded.seen
        return Answer(outcome, detail, loaded.status, elapsed, seen.url, seen.body, seen.media_type)

    def _outcome(self, error: NotLoaded, seconds: float) -> ProbeOutcome:
        if error.outcome is not Outcome.UNREACHABLE:  # no page but an answer, or not to be opened at all
            return ProbeOutcome.UNPROVEN
        return ProbeOutcome.SLOW if seconds >= self._limit_seconds else ProbeOutcome.UNREACHABLE
