"""公众号's other ways can only prove *updated*: whatever days and delays the owner's API tells."""

import json
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from extractors.outcomes import Outcome
from extractors.periods import SHANGHAI
from extractors.platforms.channels import unmet
from extractors.platforms.times import DAY_RULE, day, earliest
from extractors.platforms.wechat import WECHAT
from extractors.platforms.wechat_owner import days_to_ask, is_in_window
from extractors.platforms.wechat_signs import article_link
from extractors.records import Seen
from tests.extractors.platforms.test_states import FIXTURES, SINCE, UIDS

UID = UIDS["wechat"]
API = "https://api.weixin.qq.com/datacube/getarticletotaldetail?access_token=-"
POINTS = st.integers(0, 365 * 86400).map(
    lambda seconds: datetime(2021, 1, 1, tzinfo=SHANGHAI) + timedelta(seconds=seconds)
)
DAYS = st.lists(st.dates(date(2021, 1, 1), date(2021, 3, 31)), max_size=3)


def answered(body: object) -> Seen:
    return Seen("list", API, 200, "application/json", json.dumps(body).encode())


def article(on: date, uid: str = UID) -> dict[str, object]:
    link = f"https://mp.weixin.qq.com/s?__biz={uid}&mid=1&idx=1&sn=a"
    return {"ref_date": str(on), "msgid": f"{on:%m%d}_1", "title": "题", "content_url": link}


@given(
    st.lists(st.lists(st.dates(date(2021, 1, 1), date(2021, 3, 31)), max_size=3), min_size=1), st.booleans()
)
def test_no_answer_of_the_owners_api_is_ever_whole(days: list[list[date]], late: bool) -> None:
    pages = [answered({"list": [article(on) for on in some], "is_delay": late}) for some in days]
    reading = WECHAT.read(UID, SINCE, pages, anonymous=False)
    assert reading.outcome is Outcome.OK_PARTIAL
    assert {post.published_raw for post in reading.posts} == {str(on) for some in days for on in some}


def test_what_is_no_list_is_none() -> None:
    for body in ({"list": []}, {"is_delay": False}, {"list": None, "is_delay": True}, {}):
        assert WECHAT.read(UID, SINCE, [answered(body)], anonymous=False).outcome is Outcome.LAYOUT_CHANGED
    refused = answered({"errcode": 48001, "errmsg": "api unauthorized"})
    assert WECHAT.read(UID, SINCE, [refused], anonymous=False).outcome is Outcome.LOGIN_REQUIRED
    wrong = answered({"list": [article(date(2021, 3, 30), "MzA5OTk5OTk5OQ==")], "is_delay": False})
    assert WECHAT.read(UID, SINCE, [wrong], anonymous=False).outcome is Outcome.IDENTITY_MISMATCH


def test_the_fixture_reads_by_days() -> None:
    body = (FIXTURES / "wechat" / "getarticletotaldetail.json").read_bytes()
    reading = WECHAT.read(UID, SINCE, [Seen("list", API, 200, "application/json", body)], anonymous=False)
    assert [(post.post_id, post.published_rule, post.published_at) for post in reading.posts] == [
        ("2247000103_1", DAY_RULE, datetime(2021, 3, 30, 15, 59, 59, tzinfo=UTC)),
        ("2247000102_1", DAY_RULE, datetime(2021, 3, 25, 15, 59, 59, tzinfo=UTC)),
    ]
    assert reading.identity_seen == UID


def test_the_articles_page_is_a_list_of_one() -> None:
    link = "https://mp.weixin.qq.com/s/made-up"
    for name, outcome in (
        ("article.html", Outcome.OK_PARTIAL),
        ("deleted.html", Outcome.NOT_FOUND),
        ("captcha.html", Outcome.CAPTCHA),
        ("account_cancelled.html", Outcome.ACCOUNT_GONE),
    ):
        seen = Seen("list", link, 200, "text/html", (FIXTURES / "wechat" / name).read_bytes())
        reading = WECHAT.read(UID, SINCE, [seen], anonymous=True)
        assert (reading.outcome, len(reading.posts)) == (outcome, outcome is Outcome.OK_PARTIAL), name
    stranger = Seen("list", link, 200, "text/html", (FIXTURES / "wechat" / "article.html").read_bytes())
    assert WECHAT.read("MzA5OTk5OTk5OQ==", SINCE, [stranger], anonymous=True).outcome is (
        Outcome.IDENTITY_MISMATCH
    )


@given(POINTS, st.integers(0, 20 * 86400))
def test_a_day_in_the_window_is_in_it_to_its_last_second(point: datetime, before: int) -> None:
    """Wherever in the day it truly was: where the bare day proves, the true instant does too."""
    truly = point - timedelta(seconds=before)
    told = day(truly.astimezone(SHANGHAI).date())
    assert told is not None
    first = earliest(told.at, told.raw, told.rule)
    assert first <= truly < told.at + timedelta(seconds=1)
    if not unmet([(first, told.at)], [point]):
        assert not unmet([(truly, truly)], [point])
    if not unmet([(truly, truly)], [point]):
        assert is_in_window(truly.astimezone(SHANGHAI).date(), point)


@given(st.lists(POINTS, min_size=1, max_size=3), st.dates(date(2021, 1, 1), date(2021, 12, 31)))
def test_every_day_of_every_window_is_asked_once_newest_first(points: list[datetime], until: date) -> None:
    days = days_to_ask(points, until)
    assert days == sorted(set(days), reverse=True) and all(one <= until for one in days)
    wanted = {date(2021, 1, 1) + timedelta(days=n) for n in range(-20, 366)}
    assert set(days) == {one for one in wanted if one <= until and any(is_in_window(one, p) for p in points)}


def test_only_articles_of_the_platform_are_opened() -> None:
    assert article_link("http://mp.weixin.qq.com/s?__biz=a&amp;mid=1#rd") == (
        "https://mp.weixin.qq.com/s?__biz=a&mid=1"
    )
    for other in (
        "https://evil.example/s?__biz=a", "https://mp.weixin.qq.com.evil.example/s/a", "javascript:alert(1)",
        "https://user@mp.weixin.qq.com/s/a", "https://mp.weixin.qq.com:8443/s/a", "file:///s/a", None, 7,
        "https://mp.weixin.qq.com/cgi-bin/home?token=1",
    ):  # fmt: skip
        assert article_link(other) == ""
