"""Days and instants as government pages print them. All of them are meant in Asia/Shanghai.

Each reading names its rule and keeps the printed text, so that a doubtful one can be found again.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from extractors.periods import SHANGHAI

_YEAR = r"(?P<year>20\d\d)"
_FULL_FORMS = (
    ("dash", re.compile(rf"(?<!\d){_YEAR}-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?!\d)")),
    ("slash", re.compile(rf"(?<!\d){_YEAR}/(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})(?!\d)")),
    ("dot", re.compile(rf"(?<!\d){_YEAR}\.(?P<month>\d{{1,2}})\.(?P<day>\d{{1,2}})(?!\d)")),
    ("zh", re.compile(rf"(?<!\d){_YEAR}\s*年\s*(?P<month>\d{{1,2}})\s*月\s*(?P<day>\d{{1,2}})\s*日")),
)
# Without a year only where nothing else stands in the text: "3月30日" in a sentence is not a date of issue.
_YEARLESS_FORMS = (
    ("month_day", re.compile(r"(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")),
    ("month_day_zh", re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日")),
)
_URL_FORMS = (
    ("url_trs", re.compile(rf"/t{_YEAR}(?P<month>\d\d)(?P<day>\d\d)_\d+\.s?html?")),
    # /2021/3/30/, /2021-03/30/, /202103/30/, /2021/0330/, /20210330/
    ("url_path", re.compile(rf"/{_YEAR}[/-]?(?P<month>\d{{1,2}})[/-]?(?P<day>\d{{1,2}})/")),
)
# A calendar leaf: the day big, its month and year small beside it.
_MONTH_OF_YEAR = re.compile(rf"{_YEAR}(?:[-/.]|\s*年\s*)(?P<month>\d{{1,2}})(?:\s*月)?")
_DAY_OF_MONTH = re.compile(r"(?P<day>\d{1,2})日?")
_LONG_AGO = timedelta(days=180)
_YEARLESS_RULES = frozenset(rule for rule, _ in _YEARLESS_FORMS)
_CLOCK = re.compile(r"[\sT\u3000]*(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?")
_BRACKETS = " \t\r\n\u3000\xa0[]()（）【】〔〕「」<>《》"


@dataclass(frozen=True, slots=True)
class ClaimedDay:
    """A day that a list or an address claims; ``rule`` is the name of the form it was printed in."""

    day: date
    raw: str
    rule: str


@dataclass(frozen=True, slots=True)
class ClaimedTime:
    """What an article claims of itself; ``at`` (aware UTC) is None where it prints a day only."""

    day: date
    at: datetime | None
    raw: str
    rule: str


def whole_day(text: str, now: datetime) -> ClaimedDay | None:
    """Read ``text`` that is a date and nothing else but brackets and, after it, a clock.

    ``now`` is the response's own ``Date`` (aware): a date without a year is the latest such day not after it.
    """
    bare = text.strip(_BRACKETS)
    for rule, form in _FULL_FORMS:
        match = form.match(bare)
        if match and (match.end() == len(bare) or _CLOCK.fullmatch(bare, match.end())):
            return _claimed(match, rule)
    for rule, form in _YEARLESS_FORMS:
        match = form.fullmatch(bare)
        if match and (day := _latest(int(match["month"]), int(match["day"]), now)):
            return ClaimedDay(day, match.group(), rule)
    return None


def day_within(text: str) -> ClaimedDay | None:
    """The last full date (with its year) that stands anywhere in ``text``."""
    found = [(m.start(), m, rule) for rule, form in _FULL_FORMS for m in form.finditer(text)]
    for _, match, rule in sorted(found, key=lambda hit: hit[0], reverse=True):
        if claimed := _claimed(match, rule):
            return claimed
    return None


def day_at_end(text: str) -> ClaimedDay | None:
    """The full date that ``text`` ends with, as in a link that prints its title and then its day."""
    bare = text.strip(_BRACKETS)
    for rule, form in _FULL_FORMS:
        for match in form.finditer(bare):
            if match.end() == len(bare):
                return _claimed(match, rule)
    return None


def is_month_of_year(text: str) -> bool:
    """Whether ``text`` is a year and month and nothing else: half of a calendar leaf."""
    return _MONTH_OF_YEAR.fullmatch(text.strip(_BRACKETS)) is not None


def leaf_day(texts: Sequence[str]) -> ClaimedDay | None:
    """The day that neighbouring texts make up: ``30`` beside ``2021-03``."""
    bare = [text.strip(_BRACKETS) for text in texts]
    for place, text in enumerate(bare):
        if month := _MONTH_OF_YEAR.fullmatch(text):
            for other in (place - 1, place + 1):
                if 0 <= other < len(bare) and (day := _DAY_OF_MONTH.fullmatch(bare[other])):
                    with suppress(ValueError):
                        whole = date(int(month["year"]), int(month["month"]), int(day["day"]))
                        return ClaimedDay(whole, f"{bare[place]} {bare[other]}", "leaf")
    return None


def years_walked(days: Sequence[ClaimedDay | None], above: Sequence[date] = ()) -> list[ClaimedDay | None]:
    """The days of a list, top to bottom, where those without a year may lie more than one year back.

    A list that has walked down over half a year and then seems to leap up by as much has passed the turn of
    another year. ``above`` are the days of the list's earlier pages.
    """
    read: list[ClaimedDay | None] = []
    known = list(above)
    for claimed in days:
        if claimed is not None and claimed.rule in _YEARLESS_RULES:
            while (
                known
                and claimed.day - known[-1] > _LONG_AGO
                and max(known) - known[-1] > _LONG_AGO
                and (earlier := _year_before(claimed.day))
            ):
                claimed = replace(claimed, day=earlier)
        read.append(claimed)
        known += [claimed.day] if claimed is not None else []
    return read


def day_from_url(url: str) -> ClaimedDay | None:
    """The day in an article's address: TRS ``t20210330_1.html`` or hanweb ``/art/2021/3/30/``."""
    for rule, form in _URL_FORMS:
        if (match := form.search(url)) and (claimed := _claimed(match, rule)):
            return claimed
    return None


def claimed_time(text: str, source: str) -> ClaimedTime | None:
    """The first full date in ``text`` with the clock right after it; ``source`` begins the rule's name."""
    found = [(m.start(), m, rule) for rule, form in _FULL_FORMS for m in form.finditer(text)]
    for _, match, rule in sorted(found, key=lambda hit: hit[0]):
        claimed = _claimed(match, rule)
        if claimed is None:
            continue
        clock = _CLOCK.match(text, match.end())
        at = _instant(claimed.day, clock) if clock else None
        raw = text[match.start() : clock.end() if clock and at else match.end()]
        return ClaimedTime(claimed.day, at, raw, f"{source}_{rule}")
    return None


def _claimed(match: re.Match[str], rule: str) -> ClaimedDay | None:
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    return ClaimedDay(day, match.group(), rule)


def _latest(month: int, day: int, now: datetime) -> date | None:
    today = now.astimezone(SHANGHAI).date()
    for year in range(today.year, today.year - 9, -1):  # 29 February may lie eight years back (1896–1904)
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if candidate <= today:
            return candidate
    return None


def _year_before(day: date) -> date | None:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return None


def _instant(day: date, clock: re.Match[str]) -> datetime | None:
    try:
        local = time(int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0), tzinfo=SHANGHAI)
    except ValueError:
        return None
    return datetime.combine(day, local).astimezone(UTC)
