"""What the pages show, read once from the published file and grouped by subject."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from extractors.periods import Period
from reports.published import Published, Summary, summarise

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """One period. ``of_subject`` holds, by query, each subject's rows under ``kind:id``."""

    period: Period
    summary: Summary
    rates: list[dict[str, Any]]
    subjects: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    outcomes: list[dict[str, Any]]
    reconciliation: list[dict[str, Any]]
    own_reconciliation: list[dict[str, Any]]
    platform_runs: list[dict[str, Any]]
    availability: list[dict[str, Any]]
    suspicions: list[dict[str, Any]]
    points: list[dict[str, Any]]
    of_subject: dict[str, dict[str, list[dict[str, Any]]]]

    def rates_of(self, breakdown: str, kind: str) -> list[dict[str, Any]]:
        """This period's rates of one breakdown, worst first."""
        return [
            rate
            for rate in self.rates
            if rate["period"] == str(self.period)
            and rate["breakdown"] == breakdown
            and rate["subject_kind"] == kind
        ]

    def rows(self, query: str, subject: Row) -> list[dict[str, Any]]:
        """One subject's rows of a query, in the query's order."""
        return self.of_subject[query].get(f"{subject['kind']}:{subject['id']}", [])


_BY_SUBJECT = ("checks", "captures", "screenshots", "evidence_counts", "column_states")


def read_view(published: Published, period: Period) -> View:
    """Read ``period``. Raises :class:`UserError` where the published file does not hold it."""
    summary = summarise(published, period)

    def rows(query: str) -> list[dict[str, Any]]:
        return published.rows(f"dashboard/{query}", period=str(period))

    of_subject = {query: _grouped(rows(query)) for query in _BY_SUBJECT}
    of_subject["publications"] = _grouped([*rows("posts"), *rows("site_items")])

    def with_page(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row | {"page": page_of(row["kind"], row["id"])} for row in found]

    def linked(query: str) -> list[dict[str, Any]]:
        return with_page(rows(query))

    return View(
        period=period,
        summary=summary,
        rates=published.rows("dashboard/rates"),
        subjects=linked("subjects"),
        warnings=linked("warnings"),
        outcomes=rows("outcomes"),
        reconciliation=published.rows("dashboard/reconciliation"),
        own_reconciliation=rows("own_reconciliation"),
        platform_runs=rows("platform_runs"),
        availability=linked("availability"),
        suspicions=with_page(published.rows("suspicions", period=str(period), every=True)),
        points=rows("points"),
        of_subject=of_subject,
    )


def page_of(kind: str, subject_id: str) -> str:
    """The file of a subject's page: a name that no id can make unsafe, and that stays the same."""
    return f"subjects/{kind}-{hashlib.sha256(subject_id.encode()).hexdigest()[:16]}.html"


def _grouped(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["subject"]].append(row)
    return dict(groups)
