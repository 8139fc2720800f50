"""How a run is divided, and that division kept: whoever retries a shard sees the same one.

One shard a platform, since a platform is looked at by one page at a time; its canaries come first.
Websites in shards of ``shard_size``, sites of one host together: a host is never opened twice at once.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from errors import UserError
from extractors.closings import closed_to_look_at
from extractors.files import write_whole
from extractors.plan import Plan
from extractors.records import Subject
from extractors.registry import Only, Registry
from settings import Settings


@dataclass(frozen=True, slots=True)
class Shard:
    """A piece of a run: ``platform`` and its accounts, or (``None``) some websites."""

    name: str
    platform: str | None
    subjects: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it was planned.

    ``daily_point``: what a daily check asks about (:meth:`extractors.plan.Plan.daily_point`); ``None``
    where lists are read as far as the plan says. ``canary_hours``: as in the plan.
    """

    run_id: str
    period: str
    shards: tuple[Shard, ...]
    daily_point: datetime | None = None
    canary_hours: float = 48.0

    def shard(self, name: str) -> Shard:
        """Raises :class:`errors.UserError` where the run has no shard of that name."""
        for shard in self.shards:
            if shard.name == name:
                return shard
        names = "、".join(shard.name for shard in self.shards)
        raise UserError(f"采集 {self.run_id} 没有名为“{name}”的一片；现有 {names}")

    def plan(self, plan: Plan) -> Plan:
        """The period's plan as this run keeps to it."""
        return plan if self.daily_point is None else plan.for_daily_check(self.daily_point)


_RUN = TypeAdapter(Run)


def plan_shards(
    registry: Registry,
    settings: Settings,
    only: Only | None = None,
    subject_id: str | None = None,
    run_id: str | None = None,
    daily: bool = False,
) -> list[Shard]:
    """Everybody who is to be looked at, divided; closed accounts once a quarter, and not by a daily check.

    Raises :class:`errors.UserError` for an unknown subject.
    """
    everybody = registry.subjects(only, subject_id)
    if only != "websites" and subject_id is None and not daily:
        everybody += closed_to_look_at(registry, settings, run_id)
    by_platform: dict[str, list[Subject]] = {}
    by_host: dict[str, list[Subject]] = {}
    for subject in everybody:
        if subject.platform is not None:
            by_platform.setdefault(subject.platform, []).append(subject)
        else:
            by_host.setdefault(urlsplit(subject.url).hostname or "", []).append(subject)
    shards = [
        Shard(name, name, (*registry.canaries_of(name), *subjects))
        for name, subjects in sorted(by_platform.items())
    ]
    piles: list[list[Subject]] = []
    for subjects in by_host.values():
        if piles and len(piles[-1]) + len(subjects) <= settings.shard_size:
            piles[-1] += subjects
        else:
            piles.append(subjects)
    return shards + [Shard(f"websites-{i:03}", None, tuple(pile)) for i, pile in enumerate(piles, 1)]


def run_folder(settings: Settings, run_id: str) -> Path:
    return settings.runs / run_id


def freeze_shards(
    registry: Registry,
    settings: Settings,
    run_id: str,
    only: Only | None = None,
    subject_id: str | None = None,
    daily: bool = False,
) -> list[Shard]:
    """The shards of ``run_id``: as they were frozen, or planned and frozen now.

    Raises :class:`errors.UserError` where the run belongs to another period.
    """
    run = frozen_run(settings, run_id)
    if run is None:
        plan = registry.plan
        run = Run(
            run_id,
            plan.period,
            tuple(plan_shards(registry, settings, only, subject_id, run_id, daily)),
            plan.daily_point(datetime.now(UTC)) if daily else None,
            plan.canary_hours,
        )
        content = json.dumps(asdict(run), ensure_ascii=False, indent=1, default=str).encode()
        write_whole(run_folder(settings, run_id) / "shards.json", content)
    if run.period != registry.plan.period:
        raise UserError(f"采集 {run_id} 属于 {run.period}，不是 {registry.plan.period}：请换一个运行号")
    return list(run.shards)


def frozen_run(settings: Settings, run_id: str) -> Run | None:
    """The run as it was frozen, or ``None``. Raises :class:`errors.UserError` where its file is damaged."""
    path = run_folder(settings, run_id) / "shards.json"
    try:
        return _RUN.validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError:
        raise UserError(f"{path} 已损坏：请换一个运行号重新采集") from None
