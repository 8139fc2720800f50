"""One period of the published file, as reports need it. Opened read-only; the working file is never read."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from errors import UserError
from extractors.periods import SHANGHAI, Period, parse_period
from settings import Settings

_QUERIES = Path(__file__).parent / "queries"
_BATCH = 4096  # rows


@dataclass(frozen=True, slots=True)
class Rate:
    """One pass rate: passed / checked. Undetermined subjects stand beside it, never in it."""

    subject_kind: str  # account | website
    breakdown: str  # all | platform | site_class
    name: str
    registered: int
    checked: int
    passed: int
    failed: int
    undetermined: int
    text: str  # as printed: 97.2%
    is_provisional: bool

    @property
    def proviso(self) -> str:
        """Why the rate is not final, in words; empty where it is."""
        if not self.is_provisional:
            return ""
        unit = "账号" if self.subject_kind == "account" else "网站"
        return f"暂定：另有{self.undetermined}个{unit}未能判定"


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """One failed subject, with all its problems. ``group`` is the annex's word for platform or site class."""

    subject_kind: str
    name: str
    organiser: str
    group: str
    problems: tuple[str, ...]
    measured: str

    @property
    def problem(self) -> str:
        return "；".join(self.problems)


@dataclass(frozen=True, slots=True)
class Problem:
    """One clause that somebody fails, and who."""

    subject_kind: str
    indicator: str  # W4.1
    name: str
    clause: str
    subjects: int
    wordings: tuple[tuple[str, tuple[str, ...]], ...]  # the annex's wording, and whom it is said of


@dataclass(frozen=True, slots=True)
class Finding:
    """One failed check as its organiser is told of it. ``point`` is written in the time of Asia/Shanghai."""

    organiser_position: int
    organiser: str
    name: str
    group: str
    indicator: str
    clause: str
    problem: str
    measured: str
    threshold: str
    point: str
    evidence: str  # SHA-256; empty where a person saw it and filed no bytes


@dataclass(frozen=True, slots=True)
class OpenSubject:
    """A subject that could not be judged, and why."""

    subject_kind: str
    name: str
    organiser: str
    group: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How the period was looked at. ``points`` are written in the time of Asia/Shanghai."""

    sampling_from: date
    sampling_to: date
    points: tuple[str, ...]
    rule_set: str
    rule_set_name: str
    basis: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the numbers come from: the published file by its hash, and what was looked at."""

    file: str
    sha256: str
    published_at: datetime  # in the time of Asia/Shanghai
    captures: int
    captured_subjects: int
    evidence: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A period as published. Lists are in the registry's order."""

    period: Period
    plan: Plan
    rates: tuple[Rate, ...]
    problems: tuple[Problem, ...]
    failed: tuple[AnnexRow, ...]
    scored: tuple[AnnexRow, ...]
    open: tuple[OpenSubject, ...]
    findings: tuple[Finding, ...]
    rectification: Mapping[str, tuple[str, ...]]  # state → the subject of each finding of earlier periods
    provenance: Provenance

    def total(self, kind: str) -> Rate | None:
        """The overall rate of accounts or of websites; ``None`` where none is registered."""
        return next((r for r in self.rates if r.subject_kind == kind and r.breakdown == "all"), None)

    def breakdown(self, kind: str, breakdown: str) -> list[Rate]:
        return [r for r in self.rates if r.subject_kind == kind and r.breakdown == breakdown]

    @property
    def annex1(self) -> list[AnnexRow]:
        """Websites that a veto fails. Those whose score fails them are in :attr:`scored`, not here."""
        return [row for row in self.failed if row.subject_kind == "website"]

    @property
    def annex2(self) -> list[AnnexRow]:
        return [row for row in self.failed if row.subject_kind == "account"]


@dataclass(frozen=True, slots=True)
class Published:
    """The published file, open read-only, and what its manifest says of it."""

    file: Path
    manifest: Mapping[str, Any]
    connection: duckdb.DuckDBPyConnection

    def rows(self, query: str, **parameters: object) -> list[dict[str, Any]]:
        """The rows of ``queries/<query>.sql``. Raises :class:`UserError` where the file cannot answer it."""
        return list(self.stream(query, **parameters))

    def stream(self, query: str, **parameters: object) -> Iterator[dict[str, Any]]:
        """As :meth:`rows`, a few thousand at a time: several may be read side by side."""
        sql = (_QUERIES / f"{query}.sql").read_text(encoding="utf-8")
        try:
            result = self.connection.cursor().execute(sql, parameters)
            names = [column[0] for column in result.description or ()]
            while batch := result.fetchmany(_BATCH):
                for row in batch:
                    yield dict(zip(names, row, strict=True))
        except duckdb.Error as error:
            raise _unreadable(self.file, error) from None

    @property
    def published_at(self) -> datetime:
        """When it was published, in the time of Asia/Shanghai."""
        return datetime.fromisoformat(self.manifest["created_at"]).astimezone(SHANGHAI)


@contextmanager
def open_published(settings: Settings) -> Iterator[Published]:
    """Open the published file, after its hash was held against the manifest.

    Raises :class:`UserError` where nothing is published or the file is not the one that the manifest
    describes.
    """
    file = settings.published_file
    manifest = _manifest(file)
    try:
        connection = duckdb.connect(str(file), read_only=True)
    except duckdb.Error as error:
        raise _unreadable(file, error) from None
    with connection:
        yield Published(file, manifest, connection)


def read_summary(settings: Settings, period: str) -> Summary:
    """Read ``period`` from the published file.

    Raises :class:`UserError` as :func:`open_published` does, and where the file does not hold the period;
    ``ValueError`` where ``period`` is not a quarter.
    """
    with open_published(settings) as published:
        return summarise(published, parse_period(period))


def summarise(published: Published, quarter: Period) -> Summary:
    """``quarter`` of an open published file. Raises :class:`UserError` where it does not hold the period."""

    def rows(query: str) -> list[dict[str, Any]]:
        return published.rows(query, period=str(quarter))

    plans = rows("plan")
    if not plans:
        raise UserError(f"已发布的数据中没有 {quarter}，请先运行 xunjian assess --period {quarter}")
    return Summary(
        period=quarter,
        plan=Plan(**plans[0] | {"points": tuple(plans[0]["points"])}),
        rates=tuple(Rate(**row) for row in rows("rates")),
        problems=tuple(_problem(row) for row in rows("problems")),
        failed=tuple(_annex_row(row) for row in rows("failed_subjects")),
        scored=tuple(_annex_row(row) for row in rows("scored_sites")),
        open=tuple(OpenSubject(**row) for row in rows("open_subjects")),
        findings=tuple(Finding(**row) for row in rows("findings")),
        rectification={row["state"]: tuple(row["names"]) for row in rows("rectification")},
        provenance=Provenance(
            file=published.file.name,
            sha256=str(published.manifest["sha256"]),
            published_at=published.published_at,
            warnings=tuple(published.manifest["quality"]["warnings"]),
            **rows("captures")[0],
        ),
    )


def _unreadable(file: Path, error: duckdb.Error) -> UserError:
    first_line = str(error).splitlines()[0]
    return UserError(f"读不了已发布的数据 {file}，请重新运行 xunjian publish（{first_line}）")


def _manifest(file: Path) -> dict[str, Any]:
    path = file.with_name("manifest.json")
    if not file.is_file() or not path.is_file():
        raise UserError(f"还没有已发布的数据（{file}），请先运行 xunjian assess")
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise UserError(f"{path} 不是可读的 JSON，请重新运行 xunjian publish") from None
    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    if manifest.get("sha256") != sha256:
        raise UserError(
            f"{file} 与 manifest.json 记的哈希不符：正在发布则稍后再试，否则重新运行 xunjian publish"
        )
    return manifest


def _annex_row(row: dict[str, Any]) -> AnnexRow:
    return AnnexRow(**row | {"problems": tuple(row["problems"])})


def _problem(row: dict[str, Any]) -> Problem:
    wordings = tuple((wording["problem"], tuple(wording["names"])) for wording in row["wordings"])
    return Problem(**row | {"wordings": wordings})
