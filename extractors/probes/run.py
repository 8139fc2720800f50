"""The entry points of probing: one round of the present, or a week's rounds run fast against the replica."""

import asyncio
import secrets
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from errors import UserError
from extractors.custody.seal import seal
from extractors.landing import landed_file, write_table
from extractors.probes.confirm import Confirmer
from extractors.probes.http import http_client
from extractors.probes.round import Occasion, Probe, Round
from extractors.probes.verdict import LIMIT_SECONDS, ProbeOutcome
from extractors.probes.week import SIMULATED_LIMIT_SECONDS, WEEK_ROUNDS, moments, replica_clock
from extractors.registry import Registry
from settings import Settings

ROUND = "round"  # the slot of a round that is a run of its own


@dataclass(frozen=True, slots=True)
class Probed:
    """What one round came to, or a whole simulated week: visits by outcome, after the browser's word."""

    text: str
    own_outage: bool = False

    def __str__(self) -> str:
        return self.text


def probe_once(
    registry: Registry, settings: Settings, run_id: str | None = None, site_code: str | None = None
) -> Probed:
    """One round over every registered site that is not closed (or ``site_code`` alone), landed as one file.

    A round that is cut short leaves nothing and is made up for by the next. Raises
    :class:`errors.UserError` for what a person must mend.
    """
    sites = registry.subjects("websites", site_code)
    run_id = run_id or f"probe-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
    occasion = Occasion(run_id, registry.plan.period, ROUND, LIMIT_SECONDS)

    async def work() -> Probed:
        async with http_client(settings) as client, Confirmer(settings, LIMIT_SECONDS) as confirmer:
            made = Round(settings, occasion, client, confirmer)
            await made.run(sites)
        made.keep_evidence()
        land(settings.landing, occasion, made.probes)
        seal(settings, run_id)
        return Probed(f"探测 {run_id}：{_in_words(made)}", made.own_outage)

    with _alone(settings):
        return _until_told_to_stop(work)


def simulate_week(registry: Registry, settings: Settings) -> Probed:
    """The week before the plan's last monitoring point, run fast: the replica's clock is set to each of
    :data:`WEEK_ROUNDS` moments, and every row says that it is simulated. Rounds that have landed are kept.

    Raises :class:`errors.UserError` where the proxy is not the replica's.
    """
    point = registry.plan.monitoring_points[-1].astimezone(UTC)
    run_id = f"simulated-{point:%Y%m%dT%H%M%SZ}"
    sites = registry.subjects("websites")

    async def work() -> Probed:
        failed = void = made_rounds = 0
        limit = SIMULATED_LIMIT_SECONDS
        async with (
            replica_clock(settings) as set_clock,
            http_client(settings) as client,
            Confirmer(settings, limit) as confirmer,
        ):
            for number, moment in enumerate(moments(point, registry.plan.period)):
                slot = f"slot-{number:03}"
                if landed_file(settings.landing, "probes", registry.plan.period, run_id, slot).exists():
                    continue
                await set_clock(moment)
                occasion = Occasion(run_id, registry.plan.period, slot, limit, True, _stopped_at(moment))
                made = Round(settings, occasion, client, confirmer)
                await made.run(sites)
                made.keep_evidence()
                land(settings.landing, occasion, made.probes)
                made_rounds += 1
                failed += sum(probe.opened is False for probe in final_words(made.probes))
                void += made.own_outage
        seal(settings, run_id)
        return Probed(
            f"模拟一周 {run_id}：{WEEK_ROUNDS} 轮中本次做了 {made_rounds} 轮，每轮 {len(sites)} 个网站；"
            f"打不开 {failed} 次，自身断网 {void} 轮。时刻是模拟的，每行都已注明"
        )

    with _alone(settings):
        return _until_told_to_stop(work)


def land(landing: Path, occasion: Occasion, probes: list[Probe]) -> None:
    """One file a round, there whole or not at all."""
    path = landed_file(landing, "probes", occasion.period, occasion.run_id, occasion.slot)
    write_table(path, "probes", [probe.row() for probe in probes])


def final_words(probes: list[Probe]) -> list[Probe]:
    """One probe a site: the browser's where it looked, else the HTTP client's."""
    words: dict[str, Probe] = {}
    for probe in probes:
        if probe.site_code is not None and (probe.channel == "browser" or probe.site_code not in words):
            words[probe.site_code] = probe
    return list(words.values())


def _in_words(made: Round) -> str:
    if made.own_outage:
        return "对照网站打不开，是本机断网：本轮不作数，已如实留存"
    words = final_words(made.probes)
    named = {
        "打开": [probe for probe in words if probe.opened],
        "打不开": [probe for probe in words if probe.opened is False],
        "对方拒绝、不作数": [probe for probe in words if probe.outcome is ProbeOutcome.UNPROVEN],
    }
    lines = [f"{len(words)} 个网站，" + "，".join(f"{name} {len(found)}" for name, found in named.items())]
    lines += [f"  {probe.site_code} {probe.detail}" for probe in words if not probe.opened]
    return "\n".join(lines)


def _stopped_at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def _until_told_to_stop(work: Callable[[], Awaitable[Probed]]) -> Probed:
    """SIGTERM ends the round in order: Chromium is closed, and nothing of the round has landed."""

    async def stoppable() -> Probed:
        task = asyncio.ensure_future(work())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await task

    try:
        return asyncio.run(stoppable())
    except asyncio.CancelledError:
        raise UserError("探测被中止：本轮没有落地，下一轮照常") from None


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    settings.runs.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(settings.runs / "probe.lock").acquire(timeout=0):
            yield
    except Timeout:
        raise UserError("另一轮探测正在进行：等它结束再运行") from None
