"""What a government site holds: its columns' items and their articles, said by hand or drawn from the seed.

A site's entry in scenario.yml may say ``cms`` (see :mod:`replica.websites.addresses`), ``charset`` (gbk),
``header_charset`` (what its server says, wrongly), ``home`` (navigation, undated), ``home_dates`` (full,
short: MM-DD) and ``channels``: pages of the navigation that only lead on to columns (name → path, columns).
A column's: ``cms``, ``latest`` (instant of its newest item), ``blank: true``, ``items`` (how many),
``every_days``, ``pinned`` (instant of an old item that heads the list), ``in_nav: false`` (only the home
page's block leads there), ``column_type`` (another ``ColumnType``; empty: none).
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from random import Random
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from replica.scenario import Column, Scenario, Subject, instant
from replica.websites.addresses import article_path, page_size
from replica.words import title

HOME_ROWS = 6
_HOME_CLASSES = ("news", "notice", "policy")
_META_SPELLINGS = (str, str, str.lower, str.upper)


@dataclass(frozen=True)
class Item:
    """One row of a list. ``path`` is its article's on this site; an item elsewhere has only a ``url``."""

    title: str
    at: datetime
    path: str = ""
    url: str = ""
    is_new: bool = False


@dataclass(frozen=True)
class ColumnContent:
    """A column's items, newest first. ``folder`` is its path, with a slash at the end."""

    column: Column
    folder: str
    items: list[Item]
    cms: str

    @property
    def page_size(self) -> int:
        return page_size(self.cms)

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.items) // self.page_size))

    @property
    def in_nav(self) -> bool:
        return bool(self.column.spec.get("in_nav", True))


@dataclass(frozen=True)
class Channel:
    """A page of the navigation that holds no list of its own: it leads on to its columns."""

    name: str
    path: str
    columns: list[ColumnContent]


@dataclass(frozen=True)
class SiteContent:
    """A site and what it is made with."""

    site: Subject
    scheme: str
    host: str
    root: str
    cms: str
    charset: str
    home_is_navigation: bool
    home_dates: str
    meta_case: int
    columns: list[ColumnContent]
    channels: list[Channel]

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}"

    def meta_name(self, name: str) -> str:
        """Sites spell the required meta names in any case."""
        return _META_SPELLINGS[self.meta_case](name)

    @property
    def nav(self) -> list[ColumnContent]:
        """Columns that the navigation names itself."""
        below = {id(column) for channel in self.channels for column in channel.columns}
        return [column for column in self.columns if column.in_nav and id(column) not in below]

    @property
    def home_sections(self) -> list[tuple[ColumnContent, list[Item]]]:
        """What the home page shows: the newest items of its columns of news, notices and policies."""
        if self.home_is_navigation:
            return []
        shown = [one for one in self.columns if one.column.column_class in _HOME_CLASSES and one.items]
        return [(column, column.items[:HOME_ROWS]) for column in shown]

    @cached_property
    def articles(self) -> dict[str, tuple[ColumnContent, Item]]:
        return {item.path: (held, item) for held in self.columns for item in held.items if item.path}


_drawn: WeakKeyDictionary[Subject, SiteContent] = WeakKeyDictionary()


def content_of(scenario: Scenario, site: Subject) -> SiteContent:
    """What ``site`` holds; drawn once."""
    if site not in _drawn:
        _drawn[site] = _draw(scenario, site)
    return _drawn[site]


def _draw(scenario: Scenario, site: Subject) -> SiteContent:
    rng = Random(f"{scenario.seed}:{site.id}")
    address = urlsplit(site.home_url)
    cms = rng.choice(("nfcms", "trs"))
    dates = rng.choice(("full", "full", "short"))
    spelling = rng.randrange(len(_META_SPELLINGS))
    cms = site.spec.get("cms", cms)
    columns = [_column(scenario, site, cms, column) for column in site.columns]
    return SiteContent(
        site,
        address.scheme,
        address.hostname or "",
        address.path or "/",
        cms,
        site.spec.get("charset", "utf-8"),
        site.spec.get("home") == "navigation",
        site.spec.get("home_dates", dates),
        spelling,
        columns,
        [
            Channel(name, said["path"], [one for one in columns if one.column.name in said["columns"]])
            for name, said in site.spec.get("channels", {}).items()
        ],
    )


def _column(scenario: Scenario, site: Subject, cms: str, column: Column) -> ColumnContent:
    rng = Random(f"{scenario.seed}:{site.id}:{column.name}")
    folder = urlsplit(column.url).path.rpartition("/")[0] + "/"
    spec = {**scenario.defaults("columns")[column.column_class], **column.spec}
    cms = spec.get("cms", cms)
    times = [] if spec.get("blank") else _times(rng, spec, scenario, column.update_within_days)
    number = rng.randrange(1_000_000, 9_000_000)
    root = urlsplit(site.home_url).path or "/"
    items = [
        _item(rng, cms, root, folder, number - 7 * place, place, column.column_class, at, scenario.now)
        for place, at in enumerate(times)
    ]
    if "pinned" in spec:
        at = instant(spec["pinned"])
        items.insert(0, Item(title(rng, column.column_class), at, article_path(cms, folder, number + 1, at)))
    return ColumnContent(column, folder, items, cms)


def _times(
    rng: Random, spec: dict[str, Any], scenario: Scenario, update_within_days: int | None
) -> list[datetime]:
    """When the items appeared, newest first."""
    if "latest" in spec:
        times = [instant(spec["latest"])]
    else:
        youngest, oldest = spec["newest_days"]
        if update_within_days is not None:
            oldest = min(oldest, int(update_within_days * 0.7))
        times = [_office_hour(rng, scenario.monitoring_point - timedelta(days=rng.randint(youngest, oldest)))]
        if youngest == 0 and rng.random() < 0.3:  # a busy column has published this morning already
            times.insert(0, scenario.now - timedelta(minutes=rng.randint(1, 50)))
    wanted = spec["items"] if isinstance(spec["items"], int) else rng.randint(*spec["items"])
    while len(times) < wanted:
        times.append(_office_hour(rng, times[-1] - timedelta(days=rng.randint(*spec["every_days"]))))
    return times


def _office_hour(rng: Random, day: datetime) -> datetime:
    return datetime.combine(day, time(rng.randint(8, 17), rng.randint(0, 59), rng.randint(0, 59)), day.tzinfo)


def _item(
    rng: Random,
    cms: str,
    root: str,
    folder: str,
    number: int,
    place: int,
    kind: str,
    at: datetime,
    now: datetime,
) -> Item:
    words = title(rng, kind)
    is_new = now - at < timedelta(days=5)
    # An article of the unit's 公众号 in the list; not where a list has no other place for its day.
    if kind == "news" and place % 9 == 4 and cms not in ("gkmlpt", "undated", "pathdate"):
        return Item(words, at, url=f"https://mp.weixin.qq.com/s/EXAMPLE{number:07d}", is_new=is_new)
    if cms == "trs" and place % 11 == 6:  # an article that lies under another column
        return Item(words, at, path=f"{root}xxgk/{at:%Y%m}/t{at:%Y%m%d}_{number}.shtml", is_new=is_new)
    return Item(words, at, path=article_path(cms, folder, number, at), is_new=is_new)
