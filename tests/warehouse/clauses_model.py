"""The clauses in plain Python, read from their text and not from the SQL: what each check should say.

A second witness for the marts. A day is a day in Asia/Shanghai, a window is half-open (start, T]; whatever
is only known to lie in a span of time is reasoned about by both ends of the span.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from extractors.periods import SHANGHAI

OK = ("ok_complete", "ok_partial")
DAY = timedelta(days=1)

# By hand, from each rule set's own words. W4.1 by class of column: (days, months, first level only).
M2_DAYS = {"national-2019": 14, "zhanjiang-weekly": 7, "panjin-weekly": 7, "minhou-10-day": 10}
W3_DAYS = {"national-2019": 14, "zhanjiang-weekly": 14, "panjin-weekly": 7, "minhou-10-day": 14}
_NATIONAL = {"news": (14, 0, False), "notice": (0, 6, True), "policy": (0, 6, True)}
W41 = {
    "national-2019": _NATIONAL,
    "zhanjiang-weekly": _NATIONAL,
    "panjin-weekly": {"news": (14, 0, False), "notice": (0, 1, False), "policy": (0, 1, False)},
    "minhou-10-day": _NATIONAL,
}
LIMITS = {"W4.1": 5, "W4.2": 10, "W4.3": 5, "SCORE": 60}
# In the table's order; which a person alone judges.
CODES = {
    "website": ["SCORE", "W1", "W3", "W4.1", "W4.2", "W4.3"],
    "account": ["M1", "M2.1", "M3.1"],
}
MANUAL = {"SCORE", "W1", "M1", "M3.1"}


@dataclass(frozen=True)
class Look:
    """One look at an account. ``posts`` are (time, pinned, deleted); an id is as good as its time."""

    at: datetime
    outcome: str
    is_own: bool
    posts: tuple[tuple[datetime, bool, bool], ...]
    reached_end: bool
    oldest: datetime | None


@dataclass(frozen=True)
class Visit:
    """One look at a site: by page ("" is home) what its list shows, or the outcome met instead."""

    at: datetime
    pages: dict[str, tuple[date | None, ...] | str]
    reached_end: bool
    is_navigation: bool


@dataclass(frozen=True)
class Column:
    name: str
    column_class: str
    level: int
    update_within_days: int | None


@dataclass
class Subject:
    """A registered subject and all that was seen of it."""

    kind: str
    id: str
    status: str = "active"
    site_class: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    exempt: tuple[str, ...] = ()
    is_sampled: bool = True
    looks: list[Look] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    score: float | None = None


@dataclass(frozen=True)
class Plan:
    rule_set: str
    points: tuple[datetime, ...]
    indicators: tuple[str, ...]
    observations: int = 1
    hours_apart: float = 0


Cell = tuple[str, str, str, datetime]  # kind, id, indicator, monitoring point
Answer = tuple[str, str | None]  # status, kind of "does not apply"


def covers(wide: str, narrow: str) -> bool:
    return narrow == wide or narrow.startswith(wide + ".")


def in_scope_of(plan: Plan, kind: str) -> list[str]:
    return [code for code in CODES[kind] if any(covers(wide, code) for wide in plan.indicators)]


def answers(plan: Plan, subjects: list[Subject]) -> dict[Cell, Answer]:
    """Every cell of the grid with what the clauses say of it."""
    return {cell: answer for subject in subjects for cell, answer in _of_subject(plan, subject)}


def verdict(of_subject: list[Answer]) -> str | None:
    """One failure fails, one unknown leaves open; None where nothing applied."""
    statuses = {status for status, _ in of_subject}
    if statuses <= {"not_applicable"}:
        return None
    return next((worst for worst in ("fail", "undetermined") if worst in statuses), "pass")


def _of_subject(plan: Plan, subject: Subject) -> Iterator[tuple[Cell, Answer]]:
    codes = in_scope_of(plan, subject.kind)
    if not codes or not _in_operation(plan, subject):
        return
    found = {_settled(code, codes) for code in subject.findings}
    cells = [(code, point) for code in codes if code != "SCORE" for point in plan.points]
    vetoed = False
    for code, point in cells:
        answer = _answer(plan, subject, code, point, found)
        vetoed |= answer[0] == "fail"
        yield (subject.kind, subject.id, code, point), answer
    if "SCORE" in codes:
        for point in plan.points:
            answer = _answer(plan, subject, "SCORE", point, found)
            if vetoed and answer[0] != "not_applicable":
                answer = ("not_applicable", "already_vetoed")
            yield (subject.kind, subject.id, "SCORE", point), answer


def _in_operation(plan: Plan, subject: Subject) -> bool:
    first, last = _day(min(plan.points)), _day(max(plan.points))
    return (
        subject.status != "closed"
        and (subject.opened_on is None or subject.opened_on <= last)
        and (subject.closed_on is None or subject.closed_on > first)
    )


def _settled(finding: str, codes: list[str]) -> str | None:
    """Which check a finding settles: its own; else of its clause's a manual one, else the first."""
    near = [code for code in codes if covers(finding, code) or covers(code, finding)]
    return min(near, key=lambda code: (code not in MANUAL, code), default=None)


def _answer(plan: Plan, subject: Subject, code: str, point: datetime, found: set[str | None]) -> Answer:
    if (reason := _why_not(subject, code, point)) is not None:
        return "not_applicable", reason
    if code in found:
        return "fail", None
    if code in ("M1", "M3.1", "W1"):
        return "pass", None
    if code == "SCORE":
        status = "undetermined" if subject.score is None else "pass"
        return ("fail" if subject.score is not None and subject.score < LIMITS[code] else status), None
    if code == "M2.1":
        return _m2_1(plan, subject, point), None
    if code == "W3":
        return _w3(plan, subject, point), None
    return _w4(plan, subject, code, point), None


def _why_not(subject: Subject, code: str, point: datetime) -> str | None:
    if subject.opened_on is not None and subject.opened_on > _day(point):
        return "not_yet_opened"
    if subject.closed_on is not None and subject.closed_on <= _day(point):
        return "already_closed"
    if code == "SCORE" and subject.site_class != "portal":
        return "other_class"
    if any(covers(exempt, code) for exempt in subject.exempt):
        return "no_such_function"
    return None if subject.is_sampled else "not_sampled"


def _m2_1(plan: Plan, subject: Subject, point: datetime) -> str:
    """监测时间点前2周内无更新: one post is enough; silence must be proven, as often as the plan says."""
    start = point - M2_DAYS[plan.rule_set] * DAY
    own = sorted((look for look in subject.looks if look.outcome in OK and look.is_own), key=lambda x: x.at)
    if any(not gone and start < at <= point for look in own for at, _, gone in look.posts):
        return "pass"
    proofs = [
        look.at
        for place, look in enumerate(own)
        if look.outcome == "ok_complete"
        and look.at >= point
        and (look.reached_end or (look.oldest is not None and look.oldest <= start))
        and not _went_backwards(own[:place], look)
    ]
    counted: list[datetime] = []
    for at in proofs:
        if not counted or at >= counted[-1] + timedelta(hours=plan.hours_apart):
            counted.append(at)
    return "fail" if len(counted) >= plan.observations else "undetermined"


def _went_backwards(before: list[Look], look: Look) -> bool:
    """The newest post of all earlier lists is not in this list, which has nothing as new either."""
    newest = max((t for t in map(_newest, before) if t is not None), default=None)
    mine = _newest(look)
    if newest is None or any(at == newest for at, _, _ in look.posts):
        return False
    return mine is None or mine < newest


def _newest(look: Look) -> datetime | None:
    return max((at for at, pinned, gone in look.posts if not pinned and not gone), default=None)


def _w3(plan: Plan, subject: Subject, point: datetime) -> str:
    """首页不更新; where home is only a way in, 所有二级页面无信息更新."""
    start = point - W3_DAYS[plan.rule_set] * DAY
    home = _state(subject, "", start, point)
    if home == "updated":
        return "pass"
    read = [visit for visit in subject.visits if not isinstance(visit.pages.get("", "x"), str)]
    if not any(visit.is_navigation for visit in read):
        return "fail" if home == "not_updated" else "undetermined"
    states = [_state(subject, column.name, start, point) for column in subject.columns]
    if "updated" in states:
        return "pass"
    return "fail" if states and set(states) == {"not_updated"} else "undetermined"


def _w4(plan: Plan, subject: Subject, code: str, point: datetime) -> str:
    read = [page for visit in subject.visits for page in visit.pages.values() if not isinstance(page, str)]
    if not read or not subject.columns:
        return "undetermined"
    counts = [_counts(plan, subject, code, column, point) for column in subject.columns]
    hits, unknown = counts.count(True), counts.count(None)
    if hits >= LIMITS[code]:
        return "fail"
    return "undetermined" if hits + unknown >= LIMITS[code] else "pass"


def _counts(plan: Plan, subject: Subject, code: str, column: Column, point: datetime) -> bool | None:
    """Whether a column counts towards W4's number; None where it cannot be told."""
    blank = _blank(subject, column.name, point)
    if code == "W4.3":
        return blank
    if code == "W4.2":
        if blank or column.update_within_days is None:
            return blank
        start = point - column.update_within_days * DAY
    else:
        days, months, first_level = W41[plan.rule_set].get(column.column_class, (None, None, False))
        if days is None or months is None or (first_level and column.level > 1):
            return False
        start = _months_before(point - days * DAY, months)
    return {"not_updated": True, "updated": False}.get(_state(subject, column.name, start, point))


def _lists(subject: Subject, page: str) -> list[tuple[Visit, tuple[date | None, ...]]]:
    found = ((visit, visit.pages.get(page, "unreachable")) for visit in subject.visits)
    return [(visit, days) for visit, days in found if not isinstance(days, str)]


def _state(subject: Subject, page: str, start: datetime, point: datetime) -> str:
    seen = _lists(subject, page)
    spans = [_span(day) for _, days in seen for day in days if day is not None]
    if any(first > start and last <= point for first, last in spans):
        return "updated"
    if any(last > start and first <= point for first, last in spans):
        return "possible"
    for visit, days in seen:
        dated = [day for day in days if day is not None]
        # A column is newest first; a home page has many blocks, so there its newest tells.
        back_to = (dated[-1] if page else max(dated)) if dated else None
        # Nothing on it, or nothing dated (未注明信息发布时间的视为不更新): no update, however long it is.
        ended = bool(page) and visit.reached_end
        if visit.at >= point and (back_to is None or ended or _span(back_to)[1] <= start):
            return "not_updated"
    return "unknown"


def _blank(subject: Subject, page: str, point: datetime) -> bool | None:
    """空白: never held anything by T. Something that came after T does not speak for before."""
    seen = _lists(subject, page)
    held = any(day is None or _span(day)[0] <= point for _, days in seen for day in days)
    if not held and any(not days and visit.at >= point for visit, days in seen):
        return True
    return False if held or any(days for _, days in seen) else None


def _span(day: date) -> tuple[datetime, datetime]:
    return (
        datetime.combine(day, time(), SHANGHAI),
        datetime.combine(day, time(23, 59, 59), SHANGHAI),
    )


def _day(instant: datetime) -> date:
    return instant.astimezone(SHANGHAI).date()


def _months_before(instant: datetime, months: int) -> datetime:
    local = instant.astimezone(SHANGHAI)
    year, month = divmod(local.year * 12 + local.month - 1 - months, 12)
    return local.replace(year=year, month=month + 1, day=min(local.day, monthrange(year, month + 1)[1]))
