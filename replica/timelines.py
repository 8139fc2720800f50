"""What an account published and when: said by hand in scenario.yml, or drawn from the scenario's seed.

An account's entry may say ``latest`` (its newest unpinned post, unless ``also`` has newer ones), ``posts``
(how many in all; 0: none), ``every_days`` (the shortest and longest gap), ``pinned`` and ``also`` (instants),
``reposts: only`` (微博), ``articles`` (微信: articles per message), ``half_sent`` (微信: the list does not
tell whether messages were sent). The rest comes from ``defaults``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from weakref import WeakKeyDictionary

from replica.scenario import Scenario, Subject, instant
from replica.words import title


@dataclass(frozen=True)
class Post:
    """One publication. ``draw`` is a number of its own, for ids and counts that must look arbitrary."""

    at: datetime
    title: str
    draw: int
    pinned: bool = False
    repost: str = ""  # 微博: "repost", "quick" (快转), "gone" (the origin is no longer visible)
    edited_at: datetime | None = None
    more_titles: tuple[str, ...] = ()  # 微信: further articles of the same message
    last_deleted: bool = False  # 微信: the message's last article was deleted afterwards
    unsent: bool = False  # 微信: 发布 without notifying followers

    @property
    def epoch(self) -> int:
        return int(self.at.timestamp())


_drawn: WeakKeyDictionary[Subject, list[Post]] = WeakKeyDictionary()


def posts_of(scenario: Scenario, subject: Subject) -> list[Post]:
    """All posts of an account as its platform lists them: pinned first, then newest to oldest."""
    if subject not in _drawn:
        _drawn[subject] = _draw(scenario, subject)
    since = scenario.stale_since.get(subject.platform, scenario.now)
    return [post for post in _drawn[subject] if post.at <= since]


def unpinned(posts: list[Post]) -> list[Post]:
    return [post for post in posts if not post.pinned]


def _draw(scenario: Scenario, subject: Subject) -> list[Post]:
    rng = Random(f"{scenario.seed}:{subject.id}")
    spec = {**scenario.defaults(subject.platform), **subject.spec}
    pinned = [instant(at) for at in spec["pinned"]] if "pinned" in spec else _old_pins(rng, spec, scenario)
    posts = [_post(rng, spec, at, scenario.now, pinned=True) for at in sorted(pinned, reverse=True)]
    return posts + [_post(rng, spec, at, scenario.now) for at in _times(rng, spec, scenario)]


def _times(rng: Random, spec: Mapping[str, Any], scenario: Scenario) -> list[datetime]:
    """When the unpinned posts appeared, newest first, no two within the same second."""
    point = scenario.monitoring_point
    if "latest" in spec:
        times = [instant(spec["latest"])]
    else:
        times = [_working_hour(rng, point - timedelta(days=rng.randint(*spec["newest_days"])))]
        # Some have published between the monitoring point and now: that says nothing about the point.
        if rng.random() < spec["share_after_point"]:
            times.insert(0, scenario.now - timedelta(minutes=rng.randint(5, 120), seconds=rng.randint(0, 59)))
    wanted = spec["posts"] if isinstance(spec["posts"], int) else rng.randint(*spec["posts"])
    if wanted == 0:
        return []
    while len(times) < wanted:
        times.append(_working_hour(rng, times[-1] - timedelta(days=rng.randint(*spec["every_days"]))))
    return sorted({*times, *(instant(at) for at in spec.get("also", ()))}, reverse=True)


def _old_pins(rng: Random, spec: Mapping[str, Any], scenario: Scenario) -> list[datetime]:
    pins = rng.choice(spec["pins"])
    return [_working_hour(rng, scenario.now - timedelta(days=rng.randint(200, 1400))) for _ in range(pins)]


def _working_hour(rng: Random, day: datetime) -> datetime:
    return datetime.combine(day, time(rng.randint(8, 18), rng.randint(0, 59), rng.randint(0, 59)), day.tzinfo)


def _post(rng: Random, spec: Mapping[str, Any], at: datetime, now: datetime, pinned: bool = False) -> Post:
    articles = rng.randint(*spec.get("articles", (1, 1)))
    edited = rng.random() < spec.get("share_edited", 0.0)
    if spec.get("reposts") == "only":
        repost = rng.choice(("repost", "repost", "quick"))
    else:
        weights = spec.get("reposts", {})
        repost = rng.choices(["", *weights], [max(0.0, 1 - sum(weights.values())), *weights.values()])[0]
    return Post(
        at,
        title(rng, "post"),
        rng.randrange(2**31),
        pinned=pinned,
        repost="" if pinned else repost,
        edited_at=min(at + timedelta(hours=rng.randint(1, 30)), now) if edited else None,
        more_titles=tuple(title(rng, "post") for _ in range(articles - 1)),
        last_deleted=articles > 1 and rng.random() < spec.get("share_deleted", 0.0),
        unsent=rng.random() < spec.get("share_unsent", 0.0),
    )
