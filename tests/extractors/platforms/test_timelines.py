"""Thousands of timelines, rendered as each platform would answer them, against a plain model of the truth."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.outcomes import Outcome
from extractors.platforms.catalogue import PLATFORMS
from extractors.platforms.reading import Reading
from extractors.records import Seen
from tests.extractors.platforms.rendering import FORMS, Form, Item
from tests.extractors.platforms.test_states import UIDS

NOW = datetime(2021, 4, 1, 1, tzinfo=UTC)
SINCE = NOW - timedelta(days=30)
WINDOW = NOW - timedelta(days=14)
MANY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def timelines(draw: st.DrawFn, form: Form) -> list[list[Item]]:
    """Pinned items of any age first, then newest first with gaps of seconds to months, cut into pages."""

    def item(number: int, at: datetime, pinned: bool) -> Item:
        empty = form.platform == "wechat" and draw(st.integers(0, 5)) == 0
        kind = "own" if pinned else draw(st.sampled_from(form.kinds))
        return Item(number, at, pinned, kind, draw(st.booleans()), draw(st.integers(1, 3)), empty)

    ages = draw(st.lists(st.integers(0, 400 * 24), max_size=form.pins))
    pinned = [item(900 + place, NOW - timedelta(hours=age), True) for place, age in enumerate(ages)]
    gaps = draw(
        st.lists(st.sampled_from([1, 3600, 86_400, 5 * 86_400, 40 * 86_400]), min_size=1, max_size=16)
    )
    at, rest = NOW, []
    for number, gap in enumerate(gaps, 1):
        at -= timedelta(seconds=gap)
        rest.append(item(number, at, False))
    size = form.page_size or draw(st.integers(1, 6))
    pages = [rest[place : place + size] for place in range(0, len(rest), size)]
    if pinned and draw(st.booleans()):
        return [pinned, *pages]  # a page of nothing but pinned items
    return [pinned + pages[0], *pages[1:]]


def _public(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if item.kind != "hidden" and not item.empty]


def _line(items: Sequence[Item]) -> list[Item]:
    """What stands in order of time: pinned items do not, and a 快转 carries another's post."""
    return [item for item in _public(items) if not item.pinned and item.kind != "quick"]


def _follow(form: Form, pages: list[list[Item]]) -> tuple[Reading, list[Item]]:
    """Read page by page for as long as more is wanted, and hold every step against the model."""
    seen: list[Seen] = []
    for number in range(len(pages)):
        seen.append(form.render(pages, number))
        reading = PLATFORMS[form.platform].read(UIDS[form.platform], SINCE, seen, anonymous=False)
        shown = [item for page in pages[: number + 1] for item in page]
        line = _line(shown)
        ended = number + 1 == len(pages)
        old_enough = bool(line) and line[-1].at < SINCE
        assert reading.wants_more == (not old_enough and not ended), (number, reading)
        if not reading.wants_more:
            return reading, shown
    raise AssertionError("the last page asks for more")


@pytest.mark.parametrize("name", FORMS)
@MANY
@given(data=st.data())
def test_what_is_read_is_what_was_published(name: str, data: st.DataObject) -> None:
    form = FORMS[name]
    pages = data.draw(timelines(form))
    everything = [item for page in pages for item in page]
    if not _public(everything):
        return  # nothing anybody can see: judged by the counters, in states.csv
    reading, shown = _follow(form, pages)
    line = _line(shown)
    # Complete, unless the platform hid an item without saying when it was (快手), or names nobody but others.
    hidden = form.platform == "kuaishou" and any(item.kind == "hidden" for item in shown)
    unsure = hidden or all(item.kind == "quick" for item in shown)
    assert reading.outcome is (Outcome.OK_PARTIAL if unsure else Outcome.OK_COMPLETE), reading.detail
    # Nothing inside the window was missed by stopping early, and nothing was invented.
    published = {post.post_id: post for post in reading.posts}
    expected = {post_id: item for item in _public(everything) for post_id in _ids(form, item)}
    inside = {post_id for post_id, item in expected.items() if item.at > WINDOW and not hidden}
    assert inside <= set(published) <= set(expected)
    for post_id, post in published.items():
        item = expected[post_id]
        assert (post.published_at, post.is_pinned, post.is_deleted) == (
            item.at, item.pinned, item.kind == "deleted",
        )  # fmt: skip
        assert post.is_repost == (item.kind in ("repost", "quick"))
        assert (post.kind == "quick_repost") == (item.kind == "quick")
        can_be_edited = form.platform in ("weibo", "wechat")
        edited = item.at + timedelta(hours=3) if item.edited and can_be_edited else None
        assert post.edited_at == edited
    assert reading.oldest == min((item.at for item in line), default=None)
    assert reading.newest == max((item.at for item in line if item.kind != "deleted"), default=None)


def _ids(form: Form, item: Item) -> list[str]:
    if form.platform == "wechat":
        return [f"{item.number}_{place}" for place in range(1, item.articles + 1)]
    return [str(item.number)]


@pytest.mark.parametrize("name", FORMS)
@MANY
@given(data=st.data())
def test_a_list_that_breaks_off_before_it_reaches_back_is_never_whole(name: str, data: st.DataObject) -> None:
    form = FORMS[name]
    pages = data.draw(timelines(form))
    cut = data.draw(st.integers(1, len(pages)))
    seen = [form.render(pages, number) for number in range(cut)]
    refused = Seen("list", seen[0].url, 200, "application/json", b"", NOW)
    reading = PLATFORMS[form.platform].read(UIDS[form.platform], SINCE, [*seen, refused], anonymous=False)
    line = _line([item for page in pages[:cut] for item in page])
    if not (line and line[-1].at < SINCE):
        assert reading.outcome is not Outcome.OK_COMPLETE
    assert not reading.wants_more
