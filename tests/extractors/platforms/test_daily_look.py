"""A daily check: how far a list is read, and what is kept of it, when only "updated or not" was asked."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from extractors.outcomes import Outcome
from extractors.plan import Plan, Sampling
from extractors.platforms.catalogue import PLATFORMS
from extractors.platforms.look import Look
from extractors.records import Seen, Subject

UID = "3xsynthetic00001"
T = datetime(2021, 3, 31, 15, 59, 59, tzinfo=UTC)
QUARTER = Plan(
    period="2021Q1",
    sampling=Sampling.model_validate({"from": date(2021, 1, 1), "to": date(2021, 3, 31)}),
    monitoring_points=(T,),
    indicators=("M2",),
    since=datetime(2020, 9, 1, tzinfo=UTC),
)
DAILY = QUARTER.for_daily_check(T)


def look(plan: Plan, days_before: list[float], pinned: int = 0) -> Look:
    """A look that has seen one page of a longer list: posts so many days before T, the first ones pinned."""
    platform = PLATFORMS["kuaishou"]
    feeds = [
        {
            "author": {"id": UID},
            "photo": {
                "id": f"p{place}",
                "timestamp": int((T - timedelta(days=days)).timestamp() * 1000),
                "caption": "合成",
                "duration": 1,
                "profileUserTopPhoto": place < pinned,
            },
        }
        for place, days in enumerate(days_before)
    ]
    body = json.dumps({"result": 1, "feeds": feeds, "pcursor": "1.6E12"}).encode()
    seen = Seen("list", "https://www.kuaishou.com/rest/v/profile/feed", 200, "application/json", body)
    subject = Subject("account", f"kuaishou:{UID}", "合成", "kuaishou", UID, "")
    start = platform.starts(UID, frozenset())[0]
    return Look(platform, subject, plan, start, anonymous=False, seen=[seen])


@pytest.mark.parametrize(
    ("plan", "days_before", "pinned", "outcome", "wants_more", "picture"),
    [
        # One page of an active account is enough, whether it reaches back past the window or not.
        (DAILY, [0.5, 1, 2], 0, Outcome.OK_PARTIAL, False, False),
        (DAILY, [1, 9, 15], 0, Outcome.OK_COMPLETE, False, False),
        (DAILY, [3, 900, 400, 2], 3, Outcome.OK_PARTIAL, False, False),
        # Silence is read to the window's start, and pictured; what came after T proves nothing about T.
        (DAILY, [14, 20], 0, Outcome.OK_COMPLETE, False, True),
        (DAILY, [-1, -0.5], 0, Outcome.OK_PARTIAL, True, True),
        (DAILY, [900, 800], 2, Outcome.OK_PARTIAL, True, True),
        # For the quarter, history is wanted whatever the first page shows.
        (QUARTER, [0.5, 1, 2], 0, Outcome.OK_PARTIAL, True, True),
        (QUARTER, [1, 9, 300], 0, Outcome.OK_COMPLETE, False, False),
    ],
)
def test_how_far_a_look_goes(
    plan: Plan, days_before: list[float], pinned: int, outcome: Outcome, wants_more: bool, picture: bool
) -> None:
    made = look(plan, days_before, pinned)
    reading = made.reading()
    assert (reading.outcome, reading.wants_more) == (outcome, wants_more)
    assert made.needs_screenshot(reading) is picture
