"""The stop rule and pinned items against a plain model: where a list must be followed, and what it proves."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.outcomes import Outcome
from extractors.platforms.catalogue import PLATFORMS
from extractors.records import Seen

UID = "3xsynthetic00001"
# The machine may be busy: how long an example takes says nothing here.
UNHURRIED = settings(deadline=None)
SINCE = datetime(2021, 3, 1, tzinfo=UTC)
START = datetime(2020, 1, 1, tzinfo=UTC)
hours = st.integers(0, 24 * 500)


def page(items: list[tuple[datetime, bool]], first: int, last: bool) -> Seen:
    feeds = [
        {
            "author": {"id": UID},
            "photo": {
                "id": f"p{first + place}",
                "timestamp": int(at.timestamp() * 1000),
                "caption": "合成",
                "duration": 1,
                "profileUserTopPhoto": pinned,
            },
        }
        for place, (at, pinned) in enumerate(items)
    ]
    body = {"result": 1, "feeds": feeds, "pcursor": "no_more" if last else "1.6E12"}
    return Seen(
        "list",
        "https://www.kuaishou.com/rest/v/profile/feed",
        200,
        "application/json",
        json.dumps(body).encode(),
    )


@st.composite
def lists(draw: st.DrawFn) -> list[list[tuple[datetime, bool]]]:
    """A list as platforms give it: pinned items of any age first, then newest first, in pages."""
    pinned = [(START + timedelta(hours=h), True) for h in draw(st.lists(hours, max_size=3))]
    rest = sorted(
        (START + timedelta(hours=h) for h in draw(st.lists(hours, min_size=1, max_size=30))), reverse=True
    )
    size = draw(st.integers(1, 8))
    items = [(at, False) for at in rest]
    pages = [items[i : i + size] for i in range(0, len(items), size)]
    return [pinned + pages[0], *pages[1:]]


@UNHURRIED
@given(lists())
def test_follows_exactly_as_far_as_the_first_old_unpinned_item(
    pages: list[list[tuple[datetime, bool]]],
) -> None:
    answers: list[Seen] = []
    read = PLATFORMS["kuaishou"].read
    for number, items in enumerate(pages):
        first = sum(len(page) for page in pages[:number])
        answers.append(page(items, first, last=number == len(pages) - 1))
        reading = read(UID, SINCE, answers, anonymous=False)
        old_one_seen = any(at < SINCE for page in pages[: number + 1] for at, pinned in page if not pinned)
        ended = number == len(pages) - 1
        assert reading.wants_more == (not old_one_seen and not ended)
        assert (reading.outcome is Outcome.OK_COMPLETE) == (old_one_seen or ended)
        if not reading.wants_more:
            break
    shown = [item for page in pages[: len(answers)] for item in page]
    unpinned = [at for at, pinned in shown if not pinned]
    assert (reading.oldest, reading.newest) == (min(unpinned), max(unpinned))
    assert [(p.published_at, p.is_pinned) for p in reading.posts] == shown
    # Nothing inside the window was missed by stopping early.
    assert {at for page in pages for at, _ in page if at >= SINCE} <= {
        post.published_at for post in reading.posts
    }


@UNHURRIED
@given(st.lists(hours, min_size=2, max_size=10, unique=True), st.integers(25, 2000))
def test_an_old_item_without_a_mark_in_front_neither_ends_the_look_nor_is_trusted(
    rest: list[int], later: int
) -> None:
    newest_first = sorted((SINCE + timedelta(hours=h + later) for h in rest), reverse=True)
    items = [(START, False), *((at, False) for at in newest_first)]
    reading = PLATFORMS["kuaishou"].read(UID, SINCE, [page(items, 0, last=False)], anonymous=False)
    assert reading.wants_more and reading.outcome is Outcome.OK_PARTIAL
    assert "不是由新到旧" in reading.detail


@UNHURRIED
@given(st.binary(max_size=300), st.sampled_from(sorted(PLATFORMS)))
def test_no_bytes_at_all_can_prove_an_account_idle_or_break_a_parser(body: bytes, name: str) -> None:
    answer = Seen("list", "https://example.com/", 200, "application/json", body)
    reading = PLATFORMS[name].read("6100000007", SINCE, [answer], anonymous=False)
    assert reading.outcome not in (Outcome.OK_COMPLETE, Outcome.OK_PARTIAL)


# Keys that the parsers look for: junk without them would end at the first one.
KEYS = [
    "status_code",
    "aweme_list",
    "has_more",
    "result",
    "feeds",
    "pcursor",
    "ok",
    "data",
    "list",
    "cards",
    "user",
    "mblog",
    "base_resp",
    "ret",
    "publish_page",
    "publish_list",
    "photo",
    "author",
    "status",
    "errors",
    "since_id",
]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@UNHURRIED
@given(json_values, st.sampled_from(sorted(PLATFORMS)), st.sampled_from(["list", "profile", "page"]))
def test_no_json_breaks_a_parser_or_proves_an_unknown_account_idle(
    value: object, name: str, role: str
) -> None:
    answer = Seen(role, "https://example.com/", 200, "application/json", json.dumps(value).encode())
    reading = PLATFORMS[name].read("6100000007", SINCE, [answer], anonymous=False)
    assert reading.outcome is not Outcome.OK_COMPLETE
