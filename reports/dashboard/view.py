"""What the pages show, read once from the published file: in whole, or subject by subject."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from extractors.periods import Period
from reports.published import Published, Summary, summarise

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """One period, but for what belongs to a single subject (:func:`each_subject`)."""

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

    def rates_of(self, breakdown: str, kind: str) -> list[dict[str, Any]]:
        """This period's rates of one breakdown, worst first."""
        return [
            rate
            for rate in self.rates
            if rate["period"] == str(self.period)
            and rate["breakdown"] == breakdown
            and rate["subject_kind"] == kind
        ]


_BEHIND_ALL = "\U0010ffff"  # sorts after every subject
_BY_SUBJECT = ("checks", "captures", "screenshots", "evidence_counts", "column_states", "publications")


def read_view(published: Published, period: Period) -> View:
    """Read ``period``. Raises :class:`UserError` where the published file does not hold it."""
    summary = summarise(published, period)

    def rows(query: str) -> list[dict[str, Any]]:
        return published.rows(f"dashboard/{query}", period=str(period))

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
    )


def each_subject(published: Published, view: View) -> Iterator[tuple[Row, dict[str, list[Row]]]]:
    """Every subject with its rows by query. Each query is read once, and a few thousand rows are held."""
    columns = {
        query: _Column(published.stream(f"dashboard/{query}", period=str(view.period)))
        for query in _BY_SUBJECT
    }
    # The order that DuckDB sorts words in, and Python too: by code point.
    for key, subject in sorted(((f"{s['kind']}:{s['id']}", s) for s in view.subjects), key=itemgetter(0)):
        yield subject, {query: column.rows_of(key) for query, column in columns.items()}


class _Column:
    """Rows ordered by ``subject``, handed out subject by subject; the subjects must be asked for in order."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._groups = groupby(rows, key=itemgetter("subject"))
        self._key = ""
        self._rows: list[Row] = []

    def rows_of(self, key: str) -> list[Row]:
        while self._key < key:
            self._key, rows = next(self._groups, (_BEHIND_ALL, iter(())))
            self._rows = list(rows)
        return self._rows if self._key == key else []


def page_of(kind: str, subject_id: str) -> str:
    """The file of a subject's page: a name that no id can make unsafe, and that stays the same."""
    return f"subjects/{kind}-{hashlib.sha256(subject_id.encode()).hexdigest()[:16]}.html"
