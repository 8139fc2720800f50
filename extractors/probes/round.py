"""One round: the controls, every site once, a browser's second look at failures, the controls again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

import httpx

from errors import UserError
from extractors import EXTRACTOR_VERSION, evidence
from extractors.probes import http
from extractors.probes.answer import Answer, evidence_of
from extractors.probes.confirm import Confirmer
from extractors.probes.verdict import ProbeOutcome
from extractors.records import Seen, Subject
from settings import Settings

# The namespace of probe ids: fixed for ever, else the same visit would get another id.
_PROBES = UUID("0b4f6a52-8d0c-5a35-9a53-5c6d5f6b7e21")
# Between two visits to one host (many channels live on one): a page view, not a burst.
_HOST_PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Occasion:
    """Which round this is. ``clock`` gives the moment (UTC) that a visit is dated by."""

    run_id: str
    period: str
    slot: str
    limit_seconds: float
    simulated: bool = False
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(slots=True)
class Probe:
    """One visit as a row of the landing table ``probes``. ``opened`` is null where it proves neither."""

    probe_id: str
    run_id: str
    period: str
    slot: str
    site_code: str | None
    target_kind: str  # site | control
    url: str
    probed_at: datetime
    channel: str  # http | browser
    outcome: ProbeOutcome
    detail: str
    http_status: int | None
    elapsed_ms: int | None
    limit_ms: int
    opened: bool | None
    final_url: str | None
    simulated: bool
    evidence_sha256: str | None
    extractor_version: str = EXTRACTOR_VERSION

    def void(self, why: str) -> None:
        """Our own network was down: what was met is kept as words, and counts for nothing."""
        met = "" if self.elapsed_ms is None else f"，当时的结果 {self.outcome}：{self.detail}".rstrip("：")
        self.outcome, self.opened, self.detail = ProbeOutcome.OWN_OUTAGE, None, why + met

    def row(self) -> dict[str, Any]:
        return asdict(self) | {"outcome": str(self.outcome)}


@dataclass(slots=True)
class Round:
    """``await Round(…).run(sites)``, then :attr:`probes` has a row for every visit."""

    settings: Settings
    occasion: Occasion
    client: httpx.AsyncClient
    confirmer: Confirmer
    probes: list[Probe] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    own_outage: bool = False

    async def run(self, sites: Sequence[Subject]) -> None:
        if not await self._controls_open("before"):
            self._stop("对照网站打不开，未访问", unvisited=sites)
            return
        await self._each_host(sites, self._by_http, self.settings.probe_concurrency)
        codes = {probe.site_code for probe in self.probes if probe.opened is not True}
        doubtful = [site for site in sites if site.id in codes]
        if doubtful:
            # Before many pages are waited for in vain by a browser: is it still them, not us?
            if not await self._controls_open("between"):
                self._stop("对照网站打不开，未复核")
                return
            await self._each_host(doubtful, self._by_browser, self.settings.concurrency)
        if not await self._controls_open("after"):
            self._stop("对照网站打不开")

    def _stop(self, why: str, unvisited: Sequence[Subject] = ()) -> None:
        self.own_outage = True
        for site in unvisited:
            self._keep(site.url, site.id, "http", self.occasion.clock(), Answer(ProbeOutcome.OWN_OUTAGE, ""))
        for probe in self.probes:
            if probe.target_kind == "site":
                probe.void(why)

    async def _controls_open(self, when: str) -> bool:
        """Whether our own network works: not so where most controls do not answer at all."""
        answered = await asyncio.gather(*(self._control(url, when) for url in self.settings.controls))
        return 2 * sum(answered) >= len(answered)

    async def _control(self, url: str, when: str) -> bool:
        at, answer = self.occasion.clock(), await self._visit(url)
        probe = self._keep(url, None, "http", at, answer, when)
        # Any answer shows that the network works, one that turns us away too.
        probe.opened = answer.status is not None and answer.status < 500
        return probe.opened

    async def _by_http(self, site: Subject) -> None:
        at = self.occasion.clock()
        self._keep(site.url, site.id, "http", at, await self._visit(site.url))

    async def _by_browser(self, site: Subject) -> None:
        [before] = [probe for probe in self.probes if probe.site_code == site.id]
        at, answer = self.occasion.clock(), await self.confirmer.visit(site.url)
        if before.opened is None and answer.status is None:
            # It has just answered us, if only to turn us away: that is no site which cannot be reached.
            detail = f"先前应答“{before.detail}”，浏览器中：{answer.detail}"
            answer = replace(answer, outcome=ProbeOutcome.UNPROVEN, detail=detail)
        self._keep(site.url, site.id, "browser", at, answer)

    async def _visit(self, url: str) -> Answer:
        proxied = self.settings.proxy is not None
        return await http.visit(self.client, url, self.occasion.limit_seconds, proxied=proxied)

    async def _each_host(
        self, sites: Sequence[Subject], look: Callable[[Subject], Awaitable[None]], at_once: int
    ) -> None:
        """``at_once`` hosts at a time, and the sites of one host one after another."""
        by_host: dict[str, list[Subject]] = {}
        for site in sites:
            by_host.setdefault(urlsplit(site.url).hostname or "", []).append(site)
        turns = asyncio.Semaphore(at_once)
        pause = min(_HOST_PAUSE_SECONDS, self.settings.pace_seconds)

        async def one_host(mine: list[Subject]) -> None:
            for number, site in enumerate(mine):
                if number:
                    await asyncio.sleep(pause)
                async with turns:
                    await look(site)

        try:
            async with asyncio.TaskGroup() as tasks:
                for mine in by_host.values():
                    tasks.create_task(one_host(mine))
        except ExceptionGroup as group:
            # A person's mistake stays one clear line, whichever site met it first.
            for_a_person = group.subgroup(UserError)
            raise for_a_person.exceptions[0] if for_a_person else group from None

    def _keep(
        self, url: str, site_code: str | None, channel: str, at: datetime, answer: Answer, when: str = ""
    ) -> Probe:
        """Evidence first, then the row: a row never names bytes that are not there."""
        occasion = self.occasion
        failed = site_code is not None and answer.outcome.opened is not True
        name = "\n".join((occasion.run_id, occasion.slot, site_code or url, channel, when))
        probe = Probe(
            probe_id=str(uuid5(_PROBES, name)),
            run_id=occasion.run_id,
            period=occasion.period,
            slot=occasion.slot,
            site_code=site_code,
            target_kind="control" if site_code is None else "site",
            url=url,
            probed_at=at,
            channel=channel,
            outcome=answer.outcome,
            detail=answer.detail,
            http_status=answer.status,
            elapsed_ms=answer.elapsed_ms,
            limit_ms=round(occasion.limit_seconds * 1000),
            opened=answer.outcome.opened,
            final_url=answer.final_url,
            simulated=occasion.simulated,
            evidence_sha256=self._seen(url, channel, at, answer) if failed else None,
        )
        self.probes.append(probe)
        return probe

    def _seen(self, url: str, channel: str, at: datetime, answer: Answer) -> str:
        self.seen.append(evidence_of(url, channel, at.isoformat(), answer))
        return self.seen[-1].sha256

    def keep_evidence(self) -> None:
        """To be called as the round lands: one that is cut short leaves nothing.

        Raises :class:`errors.UserError` where the disk takes no evidence.
        """
        try:
            for seen in self.seen:
                evidence.store(self.settings.evidence, seen)
        except OSError as error:
            raise UserError(f"无法写入 {self.settings.root}：{error.strerror or error}") from error
