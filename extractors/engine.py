"""Capturing one shard, in this process, with one browser: look, keep, pace, stop when refused, land."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
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
from extractors.owners import OwnerKey, owner_keys
from extractors.periods import SHANGHAI
from extractors.plan import Plan
from extractors.platforms import channels, wechat_owner
from extractors.platforms.catalogue import PLATFORMS
from extractors.platforms.owner import look_at_menu
from extractors.platforms.platform import Start
from extractors.platforms.visit import Visitor, account_visitor
from extractors.platforms.wechat import WECHAT
from extractors.records import Subject, Visit
from extractors.rows import Occasion, Rows, rows_of
from extractors.sampling import is_sampled
from extractors.shards import Shard
from extractors.spool import ATTEMPTS, MENU, OTHER_WAYS, Spool
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
        self._owners: Mapping[str, OwnerKey] = {}

    async def run(self) -> str | None:
        """Look at whoever has not been looked at, then land. Returns why it is not done yet, if it is not.

        Raises :class:`errors.UserError` for what a person must mend: no Chromium, a login state or keys
        that others can read, a full disk.
        """
        if is_landed(self._settings, self._plan.period, self._run_id, self._shard.name):
            self._spool.remove()  # it may have been killed between landing and this
            return None
        if self._shard.platform == WECHAT.name:
            self._owners = owner_keys(self._settings)
        try:
            async with asyncio.timeout(self._settings.shard_seconds):
                await self._look_at_all()
                await self._menus()
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
                    browser, self._shard.platform, self._settings, self._sampled, self._owners
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
        """Everybody once, then everybody again, then by other ways: who needs it not is passed over."""
        attempts = [attempt for attempt in ATTEMPTS if attempt != MENU]
        return [(subject, attempt) for attempt in attempts for subject in self._shard.subjects]

    def _is_due(self, subject: Subject, attempt: int) -> bool:
        """Whether this look is still to be made: a first one, one more where the first fell through, or
        one by another way where those before it proved nothing."""
        if self._spool.outcome(subject.id, attempt) is not None:
            return False
        if attempt in OTHER_WAYS:
            # A canary vouches for the first way: another one may not speak for it.
            return subject.kind == "account" and channels.proved_nothing(self._spooled(subject), self._plan)
        return attempt == 1 or self._spool.outcome(subject.id, 1) in TRANSIENT

    def _spooled(self, subject: Subject) -> list[Rows]:
        looks = (self._spool.look(subject.id, attempt) for attempt in ATTEMPTS if attempt != MENU)
        return [look for look in looks if look]

    # accounts: one after another, at a walking pace, until the platform shuts its door

    async def _accounts(self, platform: str, visitor: Visitor) -> None:
        manners = Manners(self._settings, platform)
        # Another way is another door: whoever shut the first does not answer there.
        doors = [Circuit(self._settings, name, self._run_id) for name in (platform, f"{platform}.other")]
        for subject, attempt in self._looks():
            circuit = doors[attempt in OTHER_WAYS]
            done = self._spool.outcome(subject.id, attempt)
            if self._is_due(subject, attempt):
                start = self._next_way(visitor, subject) if attempt in OTHER_WAYS else None
                if attempt in OTHER_WAYS and start is None:
                    continue
                keyed = start is not None and start.keyed
                if not keyed and (reason := circuit.opened_by):
                    if attempt == 1:
                        self._record_unvisited(subject, reason)
                    continue
                look = partial(visitor.visit, plan=self._plan_for(subject), start=start)
                async with manners.turn():
                    done = await self._look(look, subject, attempt)
                if keyed:
                    continue
            if done is not None:
                circuit.note(done)

    def _next_way(self, visitor: Visitor, subject: Subject) -> Start | None:
        """The best of the other ways that has not been gone yet; ``None`` where there is no further one."""
        looks = self._spooled(subject)
        captures = [look["captures"][0] for look in looks]
        gone = {(capture["channel"].partition(":")[0], capture["url"]) for capture in captures}
        assert subject.platform is not None
        lists = self._spool.seen(subject.id, "list")
        links = channels.links(PLATFORMS[subject.platform], subject.uid, looks, lists, self._plan)
        ways = visitor.ways(subject, links)[1:]
        return next((way for way in ways if (way.channel, way.url) not in gone), None)

    # the menus of accounts whose owners gave a key

    async def _menus(self) -> None:
        for subject in self._shard.subjects:
            key = self._owners.get(subject.uid)
            if key is None or subject.kind != "account" or not self._plan.asks("M3.1"):
                continue
            if self._spool.outcome(subject.id, MENU) is None:
                posts = [row for look in self._spooled(subject) for row in look["posts"]]
                days = {row["published_at"].astimezone(SHANGHAI).date() for row in posts}
                newest_first = sorted(days, reverse=True)
                look = partial(look_at_menu, self._settings, key, plan=self._plan, published=newest_first)
                async with Manners(self._settings, WECHAT.name).turn():
                    await self._look(look, replace(subject, kind="menu"), MENU)

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
    first = PLATFORMS[subject.platform].starts(subject.uid, frozenset())[0]
    start = wechat_owner.START if subject.kind == "menu" else first
    return Visit(outcome, detail, start.url, start.url, None, start.channel)
