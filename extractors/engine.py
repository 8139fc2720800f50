"""Capturing one shard, in this process, with one browser: look, keep, pace, stop when refused, land."""

import asyncio
import random
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import urlsplit

import structlog
from playwright.async_api import Error

from errors import UserError
from extractors import evidence
from extractors.browser import Browser
from extractors.landing import land_shard, landed_file
from extractors.outcomes import BLOCKED, TRANSIENT, Outcome
from extractors.plan import Plan
from extractors.platforms.catalogue import PLATFORMS
from extractors.platforms.visit import account_visitor
from extractors.records import Subject, Visit
from extractors.rows import Occasion, rows_of
from extractors.shards import Shard
from extractors.spool import Spool
from extractors.websites.visit import visit_website
from settings import Settings

log = structlog.get_logger(__name__)

Look = Callable[[Subject], Awaitable[Visit]]


def is_landed(settings: Settings, period: str, run_id: str, shard: str) -> bool:
    """Whether the shard is whole: its ``captures`` file is written last."""
    return landed_file(settings.landing, "captures", period, run_id, shard).exists()


class ShardCapture:
    """One shard on its way from the first look to the landed files."""

    def __init__(self, settings: Settings, plan: Plan, run_id: str, shard: Shard) -> None:
        self._settings = settings
        self._plan = plan
        self._run_id = run_id
        self._shard = shard
        self._spool = Spool(settings, run_id, shard)
        self._refused = 0  # blocked outcomes in a row

    async def run(self) -> bool:
        """Look at whoever has not been looked at, then land. ``False`` where the time ran out.

        Raises :class:`errors.UserError` for what a person must mend: no Chromium, a login state that
        others can read, a full disk.
        """
        if is_landed(self._settings, self._plan.period, self._run_id, self._shard.name):
            return True
        try:
            async with asyncio.timeout(self._settings.shard_seconds):
                await self._look_at_all()
        except TimeoutError:
            log.warning("shard_out_of_time", shard=self._shard.name, seconds=self._settings.shard_seconds)
            return False
        rows = self._spool.rows()
        land_shard(self._settings.landing, self._plan.period, self._run_id, self._shard.name, rows)
        self._spool.remove()
        return True

    async def _look_at_all(self) -> None:
        if not any(self._is_due(subject, attempt) for subject, attempt in self._looks()):
            return  # all was spooled before: no browser is needed to land it
        async with Browser(self._settings) as browser:
            if self._shard.platform is None:
                await self._websites(lambda site: visit_website(browser, site, self._plan, self._settings))
            else:
                async with account_visitor(browser, self._shard.platform, self._settings) as visitor:
                    await self._accounts(lambda account: visitor.visit(account, self._plan))

    def _looks(self) -> list[tuple[Subject, int]]:
        """Everybody once, then everybody again: who needs no second look is passed over."""
        return [(subject, attempt) for attempt in (1, 2) for subject in self._shard.subjects]

    def _is_due(self, subject: Subject, attempt: int) -> bool:
        """Whether this look is still to be made: a first one, or one more where the first fell through."""
        if self._spool.outcome(subject.id, attempt) is not None:
            return False
        return attempt == 1 or self._spool.outcome(subject.id, 1) in TRANSIENT

    # accounts: one after another, at a walking pace, until the platform shuts its door

    async def _accounts(self, look: Look) -> None:
        paced = False
        for subject, attempt in self._looks():
            done = self._spool.outcome(subject.id, attempt)
            if self._is_due(subject, attempt):
                if self._circuit_is_open():
                    if attempt == 1:
                        self._record_unvisited(subject)
                    continue
                if paced:
                    await asyncio.sleep(self._settings.pace_seconds * random.uniform(0.6, 1.4))  # noqa: S311
                paced = True
                done = await self._look(look, subject, attempt)
            if done is not None:
                self._refused = self._refused + 1 if done in BLOCKED else 0

    def _circuit_is_open(self) -> bool:
        return 0 < self._settings.circuit_after <= self._refused

    def _record_unvisited(self, subject: Subject) -> None:
        reason = self._last_refusal()
        detail = f"circuit open：连续 {self._settings.circuit_after} 次“{reason.zh}”等被拒，未再访问"
        self._keep(subject, 1, _no_visit(subject, reason, detail), datetime.now(UTC), 0.0)

    def _last_refusal(self) -> Outcome:
        outcomes = [self._spool.outcome(subject.id, 1) for subject in self._shard.subjects]
        return [outcome for outcome in outcomes if outcome is not None and outcome in BLOCKED][-1]

    # websites: some at a time, one page a host

    async def _websites(self, look: Look) -> None:
        at_once = asyncio.Semaphore(self._settings.concurrency)
        hosts: dict[str, asyncio.Lock] = {}

        async def one(subject: Subject, attempt: int) -> None:
            host = hosts.setdefault(urlsplit(subject.url).hostname or "", asyncio.Lock())
            async with host, at_once:
                await self._look(look, subject, attempt)

        try:
            for attempt in (1, 2):
                async with asyncio.TaskGroup() as tasks:
                    for subject in self._shard.subjects:
                        if self._is_due(subject, attempt):
                            tasks.create_task(one(subject, attempt))
        except ExceptionGroup as group:
            # A person's mistake stays one clear line, whichever site met it first.
            for_a_person = group.subgroup(UserError)
            raise for_a_person.exceptions[0] if for_a_person else group from None

    # one look

    async def _look(self, look: Look, subject: Subject, attempt: int) -> Outcome:
        at, began = datetime.now(UTC), monotonic()
        try:
            visit = await look(subject)
        except UserError:
            raise
        except Exception as error:
            # Whatever went wrong with one subject is said of that subject; the others are still looked at.
            place = traceback.extract_tb(error.__traceback__)[-1]
            name = type(error).__name__
            log.error("look_failed", subject=subject.id, error=name, place=f"{place.name}:{place.lineno}")
            outcome = Outcome.UNREACHABLE if isinstance(error, Error | OSError) else Outcome.LAYOUT_CHANGED
            visit = _no_visit(subject, outcome, f"采集程序出错：{name}")
        self._keep(subject, attempt, visit, at, monotonic() - began)
        log.info("looked", subject=subject.id, outcome=str(visit.outcome), attempt=attempt)
        return visit.outcome

    def _keep(self, subject: Subject, attempt: int, visit: Visit, at: datetime, seconds: float) -> None:
        """Evidence first, then the spool: a spooled row never names bytes that are not there."""
        occasion = Occasion(
            self._run_id, self._plan.period, self._shard.name, attempt, at, round(seconds * 1000)
        )
        try:
            stored = [(seen, evidence.store(self._settings.evidence, seen)) for seen in visit.seen]
            self._spool.add(subject.id, attempt, rows_of(subject, visit, occasion, stored))
        except OSError as error:
            raise UserError(f"无法写入 {self._settings.root}：{error.strerror or error}") from error


def _no_visit(subject: Subject, outcome: Outcome, detail: str) -> Visit:
    if subject.platform is None:
        return Visit(outcome, detail, subject.url, subject.url, None, "")
    start = PLATFORMS[subject.platform].start(subject.uid, frozenset())
    return Visit(outcome, detail, start.url, start.url, None, start.channel)
