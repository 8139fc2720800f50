"""Capturing one shard, in this process, with one browser: look, keep, pace, stop when refused, land."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from urllib.parse import urlsplit

import structlog
from playwright.async_api import Error

from errors import UserError
from extractors import evidence
from extractors.browser import Browser
from extractors.circuit import Circuit
from extractors.landing import land_shard, landed_file
from extractors.manners import EnoughForToday, Manners
from extractors.outcomes import TRANSIENT, Outcome
from extractors.plan import Plan
from extractors.platforms.catalogue import PLATFORMS
from extractors.platforms.channels import proved_nothing
from extractors.platforms.visit import Visitor, account_visitor
from extractors.records import Subject, Visit
from extractors.rows import Occasion, rows_of
from extractors.sampling import is_sampled
from extractors.shards import Shard
from extractors.spool import ATTEMPTS, Spool
from extractors.websites.visit import visit_website
from settings import Settings

log = structlog.get_logger(__name__)

Look = Callable[[Subject], Awaitable[Visit]]
OTHER_CHANNEL = ATTEMPTS[-1]


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

    async def run(self) -> str | None:
        """Look at whoever has not been looked at, then land. Returns why it is not done yet, if it is not.

        Raises :class:`errors.UserError` for what a person must mend: no Chromium, a login state that
        others can read, a full disk.
        """
        if is_landed(self._settings, self._plan.period, self._run_id, self._shard.name):
            self._spool.remove()  # it may have been killed between landing and this
            return None
        try:
            async with asyncio.timeout(self._settings.shard_seconds):
                await self._look_at_all()
        except TimeoutError:
            return f"{self._settings.shard_seconds:g} 秒的时间用完，已采的都已留存"
        except EnoughForToday as enough:
            return str(enough)
        except OSError as error:
            raise _cannot_write(self._settings, error) from error
        self._land()
        return None

    def _land(self) -> None:
        """Evidence first, then the rows that name it, then nothing is left to be continued."""
        rows = self._spool.rows()
        try:
            for row in rows["evidence"]:
                row["stored_path"] = evidence.take_in(
                    self._settings.evidence, self._spool.evidence, row["sha256"]
                )
            land_shard(self._settings.landing, self._plan.period, self._run_id, self._shard.name, rows)
        except OSError as error:
            raise _cannot_write(self._settings, error) from error
        self._spool.remove()

    async def _look_at_all(self) -> None:
        if not any(self._is_due(subject, attempt) for subject, attempt in self._looks()):
            return  # all was spooled before: no browser is needed to land it
        async with Browser(self._settings) as browser:
            if self._shard.platform is None:
                await self._websites(lambda site: self._site(browser, site))
            else:
                async with account_visitor(
                    browser, self._shard.platform, self._settings, self._sampled
                ) as visitor:
                    await self._accounts(self._shard.platform, visitor)

    def _plan_for(self, subject: Subject) -> Plan:
        """Of a canary nothing is asked but whether it has updated."""
        if subject.kind != "canary":
            return self._plan
        return self._plan.for_daily_check(self._plan.daily_point(datetime.now(UTC)))

    def _sampled(self, subject_id: str) -> bool:
        return is_sampled(self._run_id, subject_id, self._settings.sample_screenshots)

    async def _site(self, browser: Browser, site: Subject) -> Visit:
        sampled = self._sampled(site.id)
        return await visit_website(browser, site, self._plan, self._settings, sampled=sampled)

    def _looks(self) -> list[tuple[Subject, int]]:
        """Everybody once, then everybody again, then by another channel: who needs it not is passed over."""
        return [(subject, attempt) for attempt in ATTEMPTS for subject in self._shard.subjects]

    def _is_due(self, subject: Subject, attempt: int) -> bool:
        """Whether this look is still to be made: a first one, one more where the first fell through, or
        one by another channel where both proved nothing."""
        if self._spool.outcome(subject.id, attempt) is not None:
            return False
        if attempt == OTHER_CHANNEL:
            # A canary vouches for the first channel: another one may not speak for it.
            looks = [self._spool.look(subject.id, before) for before in ATTEMPTS if before < attempt]
            return subject.kind == "account" and proved_nothing(looks, self._plan)
        return attempt == 1 or self._spool.outcome(subject.id, 1) in TRANSIENT

    # accounts: one after another, at a walking pace, until the platform shuts its door

    async def _accounts(self, platform: str, visitor: Visitor) -> None:
        manners = Manners(self._settings, platform)
        # Another channel is another door: whoever shut the first does not answer there.
        doors = [Circuit(self._settings, name, self._run_id) for name in (platform, f"{platform}.other")]
        for subject, attempt in self._looks():
            channel = int(attempt == OTHER_CHANNEL)
            if channel and visitor.channels(subject) == 1:
                continue
            circuit = doors[channel]
            done = self._spool.outcome(subject.id, attempt)
            if self._is_due(subject, attempt):
                if reason := circuit.opened_by:
                    if attempt == 1:
                        self._record_unvisited(subject, reason)
                    continue
                look = partial(visitor.visit, plan=self._plan_for(subject), channel=channel)
                async with manners.turn():
                    done = await self._look(look, subject, attempt)
            if done is not None:
                circuit.note(done)

    def _record_unvisited(self, subject: Subject, reason: Outcome) -> None:
        detail = f"circuit open：连续 {self._settings.circuit_after} 次“{reason.zh}”等被拒，未再访问"
        self._keep(subject, 1, _no_visit(subject, reason, detail), datetime.now(UTC), 0.0)

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
            stored = [(seen, evidence.store(self._spool.evidence, seen)) for seen in visit.seen]
            self._spool.add(subject.id, attempt, rows_of(subject, visit, occasion, stored))
        except OSError as error:
            raise _cannot_write(self._settings, error) from error


def _cannot_write(settings: Settings, error: OSError) -> UserError:
    return UserError(f"无法写入 {settings.root}：{error.strerror or error}")


def _no_visit(subject: Subject, outcome: Outcome, detail: str) -> Visit:
    if subject.platform is None:
        return Visit(outcome, detail, subject.url, subject.url, None, "")
    start = PLATFORMS[subject.platform].starts(subject.uid, frozenset())[0]
    return Visit(outcome, detail, start.url, start.url, None, start.channel)
