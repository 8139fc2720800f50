"""Validate one border of the warehouse for one period: say what is wrong and what to do about it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from expectations.suite import Severity, Suite  # first: it turns the library's reporting off

# isort: split
import great_expectations as gx
import pandas as pd
from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context import AbstractDataContext
from great_expectations.expectations.metadata_types import FailureSeverity

from expectations.docs import build_pages, open_context, write_index
from expectations.landing import landing_suites
from expectations.marts import marts_suites
from extractors.files import write_whole
from settings import Settings

BORDERS = ("landing", "marts")
_NAMED = 5
_NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that does not hold. ``count`` is how many rows break it, where rows were looked at."""

    suite: str
    expectation: str
    severity: Severity
    count: int | None
    offenders: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Validation:
    """What one border said. ``success`` is false when anything critical failed: do not publish then.

    ``warnings`` go into the manifest; ``docs`` is the first page of the Data Docs.
    """

    success: bool
    criticals: list[str]
    warnings: list[str]
    docs: Path


def validate(settings: Settings, period: str, border: str) -> Validation:
    """Run the suites of ``border`` ("landing" or "marts") for ``period``.

    Writes the Data Docs and ``data/quality/<border>-<period>.json``, both also when something failed.
    Raises :class:`UserError` where the working warehouse is not there or has not been built, and
    ``ValueError`` for another border.
    """
    if border not in BORDERS:
        raise ValueError(f"border 应为 {'、'.join(BORDERS)}，不是“{border}”")
    suites = (
        landing_suites(settings.landing, period)
        if border == "landing"
        else marts_suites(settings.warehouse_file, period)
    )
    context = open_context(settings.quality)
    run = RunIdentifier(run_name=f"{border}-{period}", run_time=datetime.now(UTC))
    results = [(suite, _run_suite(context, suite, run)) for suite in suites]
    pages = build_pages(context, settings.quality, str(run.run_name))
    failures = [failure for suite, result in results for failure in _failures(suite, result)]
    summary = _summary(border, period, results, failures, pages)
    write_whole(settings.quality / f"{border}-{period}.json", _as_json(summary))
    return Validation(
        success=summary["status"] != "failed",
        criticals=summary["criticals"],
        warnings=summary["warnings"],
        docs=write_index(settings.quality),
    )


def _run_suite(
    context: AbstractDataContext, suite: Suite, run: RunIdentifier
) -> ExpectationSuiteValidationResult:
    asset = context.data_sources.add_pandas(suite.name).add_dataframe_asset(suite.name)
    expected = context.suites.add(gx.ExpectationSuite(name=suite.name, expectations=list(suite.expectations)))
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(
            name=suite.name, data=asset.add_batch_definition_whole_dataframe("whole"), suite=expected
        )
    )
    return definition.run(
        batch_parameters={"dataframe": suite.frame},
        result_format={
            "result_format": "SUMMARY",
            "partial_unexpected_count": _NAMED,
            "unexpected_index_column_names": list(suite.ids),
        },
        run_id=run,
    )


def _failures(suite: Suite, result: ExpectationSuiteValidationResult) -> list[Failure]:
    return [_failure(suite, item) for item in result.results if not item.success]


def _failure(suite: Suite, item: ExpectationValidationResult) -> Failure:
    config = item.expectation_config
    assert config is not None and config.meta is not None and config.severity is not None
    count = item.result.get("unexpected_count")
    offenders = tuple(
        _named(row, suite) for row in (item.result.get("partial_unexpected_index_list") or [])[:_NAMED]
    )
    where = ""
    if count:
        where = f"（{count} 处：{'，'.join(offenders)}{' 等' if count > len(offenders) else ''}）"
    elif not item.result:
        where = "（检查未能执行，数据缺少所需的列）"
    return Failure(
        suite=suite.name,
        expectation=config.type,
        severity="critical" if config.severity is FailureSeverity.CRITICAL else "warning",
        count=count,
        offenders=offenders,
        message=f"{suite.title}：{config.meta['what']}{where}。{config.meta['todo']}。",
    )


def _named(row: Mapping[str, Any], suite: Suite) -> str:
    """A row by its ids, on one line whatever the ids hold."""
    parts = ["" if pd.isna(row.get(column)) else " ".join(str(row[column]).split()) for column in suite.ids]
    return "/".join(part[:_NAME_LENGTH] or "空" for part in parts)


def _summary(
    border: str,
    period: str,
    results: list[tuple[Suite, ExpectationSuiteValidationResult]],
    failures: list[Failure],
    pages: Mapping[str, str],
) -> dict[str, Any]:
    criticals = [failure.message for failure in failures if failure.severity == "critical"]
    warnings = [failure.message for failure in failures if failure.severity == "warning"]
    return {
        "border": border,
        "period": period,
        "checked_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "status": "failed" if criticals else "warning" if warnings else "passed",
        "expectations": sum(len(suite.expectations) for suite, _ in results),
        "criticals": criticals,
        "warnings": warnings,
        "failed": [
            {
                "suite": failure.suite,
                "expectation": failure.expectation,
                "severity": failure.severity,
                "count": failure.count,
                "offenders": list(failure.offenders),
            }
            for failure in failures
        ],
        "suites": [
            {
                "name": suite.name,
                "title": suite.title,
                "rows": len(suite.frame),
                "expectations": len(suite.expectations),
                "failed": sum(failure.suite == suite.name for failure in failures),
                "page": pages[suite.name],
            }
            for suite, _ in results
        ],
    }


def _as_json(summary: Mapping[str, Any]) -> bytes:
    return (json.dumps(summary, ensure_ascii=False, indent=2) + "\n").encode()
