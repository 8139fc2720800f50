"""What the replica knows of its sites, as something to measure readings against."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from extractors.periods import SHANGHAI
from extractors.records import Subject
from extractors.registry import Registry
from replica.scenario import Column, Scenario
from replica.websites.content import SiteContent, content_of

Key = tuple[str, str]  # column, address


@dataclass(frozen=True, slots=True)
class Site:
    """A site as registered, and what the replica knows of it."""

    subject: Subject
    held: SiteContent

    def truth(self) -> dict[Key, date]:
        return {
            (column.column.name, item.url or self.held.origin + item.path): item.at.astimezone(
                SHANGHAI
            ).date()
            for column in self.held.columns
            for item in column.items
        }

    def cms_of(self, column: str) -> str:
        return next(one.cms for one in self.held.columns if one.column.name == column)


def expected_state(site: Site, column: str, indicator: str, point: datetime) -> str:
    """What a page's state must come out as, by what was published: W3, W4.1–W4.3 of 国办秘函〔2019〕19号."""
    held = next((one for one in site.held.columns if one.column.name == column), None)
    items = held.items if held is not None else [i for _, shown in site.held.home_sections for i in shown]
    if indicator == "W4.3":
        return "has_items" if items else "blank"
    opens = _opens(indicator, held.column if held is not None else None, point)
    if opens is None:
        return "no_window"
    return "updated" if any(opens < item.at <= point for item in items) else "not_updated"


def _opens(indicator: str, column: Column | None, point: datetime) -> datetime | None:
    if indicator == "W3" or column is None:
        return point - timedelta(days=14)
    if indicator == "W4.1":
        # The scenario's point is 31 March: six months before it lies the last day of September.
        is_news = column.column_class == "news"
        return point - timedelta(days=14) if is_news else point.replace(year=point.year - 1, month=9, day=30)
    within = column.update_within_days
    return point - timedelta(days=within) if within is not None else None


def sites_of(registry: Registry, scenario: Scenario, *, in_states: bool) -> list[Site]:
    return [
        Site(subject, content_of(scenario, scenario.find(subject.id)[0]))
        for subject in registry.subjects("websites")
        if (subject.id in scenario.states) == in_states
    ]


def tally(known: dict[Key, date], read: dict[Key, date | None], counts: Counter[str]) -> None:
    counts["items"] += len(known)
    counts["found"] += len(known.keys() & read.keys())
    counts["missed"] += len(known.keys() - read.keys())
    counts["invented"] += len(read.keys() - known.keys())
    counts["undated"] += sum(day is None for day in read.values())
    counts["wrong"] += sum(day not in (None, known.get(key, day)) for key, day in read.items())


def by_kind(sites: Iterable[Site], reads: Iterable[dict[Key, date | None]]) -> dict[str, Counter[str]]:
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for site, read in zip(sites, reads, strict=True):
        for cms in {column.cms for column in site.held.columns}:
            of_cms = {c.column.name for c in site.held.columns if c.cms == cms}
            kinds[cms]["columns"] += len(of_cms)
            tally(
                {key: day for key, day in site.truth().items() if key[0] in of_cms},
                {key: day for key, day in read.items() if key[0] in of_cms},
                kinds[cms],
            )
    return kinds
