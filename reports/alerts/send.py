"""Each occasion on which people are told, from what it left on disk to the channels."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from extractors.periods import SHANGHAI, parse_period
from extractors.registry import Registry
from reports.alerts.channels import channels_of, contacts_of
from reports.alerts.message import (
    Message,
    Route,
    gate_failed,
    pipeline_broken,
    rate_is_provisional,
    run_needs_a_person,
)
from reports.alerts.organisers import findings_messages, warning_messages
from reports.alerts.outbox import Delivery, deliver
from reports.published import open_published, summarise
from settings import Settings


def tell_oncall(settings: Settings, dag: str, run_id: str, step: str, reason: str) -> Delivery:
    """A run broke: whoever is on call hears of it once, whichever step it was."""
    message = pipeline_broken(dag, run_id, step, reason)
    return deliver(settings, message, channels_of(settings, Route.ONCALL))


def tell_of_gate(
    settings: Settings, period: str, border: str, criticals: Sequence[str], docs: Path
) -> Delivery:
    """A border of the warehouse said no. The same faults are told once a day, however often it is asked."""
    today = datetime.now(SHANGHAI).date()
    occasion = hashlib.sha256("\n".join([str(today), *criticals]).encode()).hexdigest()
    message = gate_failed(period, border, occasion, criticals, str(docs))
    return deliver(settings, message, channels_of(settings, Route.DATA))


def tell_of_run(settings: Settings, period: str, run_id: str, lines: Sequence[str]) -> Delivery:
    """A capture run left something that a person must mend; nothing is sent where it did not."""
    if not lines:
        return Delivery()
    return deliver(settings, run_needs_a_person(period, run_id, lines), channels_of(settings, Route.DATA))


def tell_of_coverage(settings: Settings, period: str) -> Delivery:
    """The published rates that are only provisional."""
    with open_published(settings) as published:
        summary = summarise(published, parse_period(period))
        sha256 = str(published.manifest["sha256"])
    totals = [summary.total(kind) for kind in ("website", "account")]
    names = {"website": "政府网站", "account": "政务新媒体"}
    lines = [
        f"{names[total.subject_kind]}合格率 {total.text}，{total.proviso}"
        for total in totals
        if total is not None and total.is_provisional
    ]
    if not lines:
        return Delivery()
    return deliver(settings, rate_is_provisional(period, sha256, lines), channels_of(settings, Route.DATA))


def tell_organisers(
    settings: Settings, period: str, registry: Registry, only: Literal["findings", "warnings"] | None = None
) -> tuple[Delivery, list[str]]:
    """Findings and early warnings, to each organiser's own channels. Also: organisers without a channel.

    Raises :class:`errors.UserError` where nothing is published or the contacts cannot be read.
    """
    contacts = contacts_of(settings)
    messages: dict[str, list[Message]] = defaultdict(list)
    with open_published(settings) as published:
        if only != "warnings":
            findings = published.rows("organiser_findings", period=period)
            for organiser, message in findings_messages(period, findings).items():
                messages[organiser].append(message)
        if only != "findings":
            warnings = published.rows("organiser_warnings", period=period)
            for organiser, several in warning_messages(warnings, registry.quiet_periods).items():
                messages[organiser] += several
    told = Delivery()
    for organiser, several in messages.items():
        for message in several:
            told += deliver(settings, message, contacts.get(organiser, []))
    return told, sorted(set(messages) - set(contacts))
