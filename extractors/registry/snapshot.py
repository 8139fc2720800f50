"""Landing the registry: each changed load is kept, so that any verdict can be worked out again."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pyarrow.parquet as pq

from extractors.custody.seal import seal
from extractors.evidence import store
from extractors.landing import REGISTRY_SCHEMAS, landed_file, write_table
from extractors.records import Seen
from extractors.registry import Registry, account_id, evidence_bytes, evidence_sha256
from settings import Settings

SHARD = "all"
# Written last: where the plan's file is, the whole snapshot is.
MARK = "registry_plan"


def _tables(registry: Registry) -> dict[str, list[dict[str, Any]]]:
    plan = registry.plan
    sampled = registry.sampled()
    return {
        "registry_accounts": [
            {
                **row,
                "position": position,
                "subject_id": account_id(row),
                "is_sampled": account_id(row) in sampled,
            }
            for position, row in enumerate(registry.accounts, start=1)
        ],
        "registry_websites": [
            {**row, "position": position, "is_sampled": row["site_code"] in sampled}
            for position, row in enumerate(registry.websites, start=1)
        ],
        "registry_columns": [
            {**row, "position": position, "column_level": row["column_level"] or 1}
            for position, row in enumerate(registry.columns, start=1)
        ],
        "registry_manual_findings": [
            {**row, "position": position, "evidence_sha256": evidence_sha256(registry, row)}
            for position, row in enumerate(registry.manual_findings, start=1)
            if row["period"] == plan.period
        ],
        "registry_reviews": [
            {**row, "position": position} for position, row in enumerate(registry.reviews, start=1)
        ],
        "registry_manual_scores": [row for row in registry.manual_scores if row["period"] == plan.period],
        "registry_circulars": [{**row, "circular_period": row["period"]} for row in registry.circulars],
        "registry_canaries": [
            {**row, "position": position, "subject_id": account_id(row)}
            for position, row in enumerate(registry.canaries, start=1)
        ],
        "registry_rectification_notices": [
            {**row, "finding_period": row["period"]} for row in registry.rectification_notices
        ],
        "registry_clearances": [{**row, "finding_period": row["period"]} for row in registry.clearances],
        MARK: [
            {
                "sampling_from": plan.sampling.from_,
                "sampling_to": plan.sampling.to,
                "since": plan.since,
                "monitoring_points": list(plan.monitoring_points),
                "indicators": list(plan.indicators),
                "rule_set": plan.rule_set,
                "coverage_floor": plan.coverage_floor,
                "website_decimals": plan.rate_decimals.website,
                "account_decimals": plan.rate_decimals.account,
                "confirm_observations": plan.confirmations.observations,
                "confirm_hours_apart": plan.confirmations.hours_apart,
                "canary_hours": plan.canary_hours,
                "sample_seed": plan.sample.seed if plan.sample else None,
                "sample_accounts": plan.sample.accounts if plan.sample else None,
                "sample_websites": plan.sample.websites if plan.sample else None,
                "late_days": plan.late_days,
            }
        ],
    }


def _latest(landing: Path, period: str) -> tuple[str, str] | None:
    """The run and the snapshot's id of what landed last."""
    landed = sorted((landing / MARK / f"period={period}").glob(f"run=*/shard={SHARD}.parquet"))
    if not landed:
        return None
    snapshot_id = str(pq.read_table(landed[-1])["snapshot_id"][0].as_py())
    return landed[-1].parent.name.partition("=")[2], snapshot_id


def _clear_left_behind(landing: Path, period: str) -> None:
    """What a killed process was just writing: its number is in the name, and it is no more."""
    for path in landing.glob(f"registry_*/period={period}/run=*/.shard={SHARD}.parquet.*.tmp"):
        if not psutil.pid_exists(int(path.name.split(".")[-2])):
            path.unlink(missing_ok=True)


def land_snapshot(registry: Registry, settings: Settings) -> str:
    """Land the registry as it stands now, unless the last landed one is the same.

    Reviewers' evidence files go into the evidence store, and the snapshot is sealed with them. Returns the
    snapshot's id: a hash of its content.
    """
    landing = settings.landing
    tables = _tables(registry)
    content = json.dumps(tables, ensure_ascii=False, sort_keys=True, default=str).encode()
    snapshot_id = hashlib.sha256(content).hexdigest()[:12]
    period = registry.plan.period
    for row in registry.manual_findings:
        body = evidence_bytes(registry, row) if row["period"] == period else None
        if body is not None:
            suffix = Path(row["evidence_file"]).suffix.lower()
            media_type = {".png": "image/png", ".pdf": "application/pdf"}.get(suffix, "text/plain")
            store(settings.evidence, Seen("reviewer", "", None, media_type, body))
    _clear_left_behind(landing, period)
    latest = _latest(landing, period)
    if latest is not None and latest[1] == snapshot_id:
        seal(settings, latest[0])  # it may have been killed between landing and this
        return snapshot_id
    now = datetime.now(UTC)
    run_id = f"{now:%Y%m%dT%H%M%S%f}Z-{snapshot_id}"
    common = {"period": period, "snapshot_at": now, "snapshot_id": snapshot_id}
    for table, rows in tables.items():
        names = set(REGISTRY_SCHEMAS[table].names)
        landed = [{name: value for name, value in (row | common).items() if name in names} for row in rows]
        write_table(landed_file(landing, table, period, run_id, SHARD), table, landed)
    seal(settings, run_id)
    return snapshot_id
