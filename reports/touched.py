"""Which published findings rest on given evidence: what must be looked at again when it is damaged."""

from collections.abc import Collection
from dataclasses import dataclass

import duckdb

from settings import Settings

_FINDINGS = """
    select distinct
        period, subject_name, subject_id, indicator_code, problem,
        -- of periods that an earlier release worked out only the first is named
        coalesce(evidence_sha256s, [evidence_sha256]) as hashes
    from marts.fct_findings
    where list_has_any(hashes, ?) or list_contains(?, period)
    order by all
"""


@dataclass(frozen=True, slots=True)
class Touched:
    """A finding, as far as one needs to find it again."""

    period: str
    subject_name: str
    subject_id: str
    indicator_code: str
    problem: str
    evidence_sha256s: list[str]

    def __str__(self) -> str:
        return f"{self.period} {self.subject_name}（{self.subject_id}）{self.indicator_code} {self.problem}"


def findings_on(settings: Settings, hashes: Collection[str], periods: Collection[str]) -> list[Touched]:
    """Findings of the published file that rest on one of ``hashes``, and all findings of ``periods``.

    Nothing where nothing is published yet.
    """
    if not settings.published_file.exists():
        return []
    with duckdb.connect(str(settings.published_file), read_only=True) as published:
        rows = published.execute(_FINDINGS, [sorted(hashes), sorted(periods)]).fetchall()
    return [Touched(*row) for row in rows]
