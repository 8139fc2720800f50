"""What is read from a good list: times, flags, order, and where it says to stop."""

import json
from dataclasses import replace
from datetime import datetime

import pytest

from extractors.outcomes import Outcome
from extractors.periods import SHANGHAI
from extractors.platforms.platform import without_secrets
from extractors.platforms.wechat import list_url, token_of
from extractors.records import Post
from tests.extractors.platforms.test_states import UIDS, read, seen

FAR = datetime(2021, 1, 1, tzinfo=SHANGHAI)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def by_title(posts: tuple[Post, ...]) -> dict[str, Post]:
    return {post.title: post for post in posts}


def test_douyin_reads_seconds_pins_notes_and_leaves_out_what_is_not_public() -> None:
    answer = seen("douyin", "list", "post.json")
    posts = by_title(read("douyin", answer).posts)
    pinned = "【置顶】合成县办事一本通"
    assert set(posts) == {pinned, "合成县召开防汛部署会", "图解：合成县春耕", "合成县普法课堂"}
    meeting, drawing = posts["合成县召开防汛部署会"], posts["图解：合成县春耕"]
    assert meeting.published_at == shanghai("2021-03-29T18:30:00") and meeting.published_rule == "epoch_s"
    assert meeting.url == "https://www.douyin.com/video/6940000000000000003"
    assert (drawing.kind, drawing.url) == ("image_text", "https://www.douyin.com/note/6940000000000000002")
    assert posts[pinned].is_pinned and not meeting.is_pinned
    assert meeting.evidence_sha256 == answer.sha256


def test_kuaishou_reads_milliseconds_and_both_ways_of_asking() -> None:
    for name in ("feed.json", "graphql_photolist.json"):
        posts = by_title(read("kuaishou", seen("kuaishou", "list", name)).posts)
        meeting = posts["合成县召开防汛部署会"]
        assert meeting.published_at.replace(microsecond=0) == shanghai("2021-03-28T10:05:00")
        assert (meeting.published_rule, meeting.kind) == ("epoch_ms", "video")
        assert posts["图集"].kind == "image_text"


@pytest.mark.parametrize("name", ["ajax_mymblog.json", "mobile_cards.json"])
def test_weibo_reads_desktop_and_mobile_alike(name: str) -> None:
    reading = read("weibo", seen("weibo", "list", name))
    posts = {post.post_id: post for post in reading.posts}
    own, pinned = posts["4620000000000005"], posts["4470000000000001"]
    assert own.published_at == shanghai("2021-03-30T10:10:00")
    assert own.edited_at == shanghai("2021-03-31T18:00:00")
    assert own.title.startswith("合成县召开防汛部署会") and "<a" not in own.title
    assert not own.is_repost and posts["4618000000000003"].is_repost
    assert pinned.is_pinned and [post.is_pinned for post in posts.values()].count(True) == 1
    assert (reading.newest, reading.oldest) == (own.published_at, shanghai("2021-03-10T16:20:00"))


def test_weibo_keeps_fast_reposts_as_reposts_and_leaves_out_what_is_private() -> None:
    posts = {post.post_id: post for post in read("weibo", seen("weibo", "list", "ajax_mymblog.json")).posts}
    assert posts["4619000000000004"].is_repost
    assert posts["4619000000000004"].url == "https://weibo.com/6100000099/KaAAAAA04"
    assert "4616000000000001" not in posts


def test_weibo_a_list_of_nothing_but_fast_reposts_is_still_the_accounts_own() -> None:
    answer = seen("weibo", "list", "ajax_mymblog.json")
    body = json.loads(answer.body)
    body["data"]["list"] = [item for item in body["data"]["list"] if "ori_mid" in item]
    body["data"]["since_id"] = ""
    reposts = replace(answer, body=json.dumps(body).encode())
    reading = read("weibo", seen("weibo", "profile", "ajax_profile.json"), reposts)
    assert (reading.outcome, reading.identity_seen) == (Outcome.OK_COMPLETE, UIDS["weibo"])
    assert [post.is_repost for post in reading.posts] == [True]


def test_weibo_relative_times_stand_on_the_response_clock() -> None:
    posts = read("weibo", seen("weibo", "list", "mobile_relative_times.json"), since=FAR).posts
    assert [(post.published_raw, post.published_at.astimezone(SHANGHAI).isoformat()) for post in posts] == [
        ("刚刚", "2021-04-01T09:00:00+08:00"),
        ("3分钟前", "2021-04-01T08:57:00+08:00"),
        ("2小时前", "2021-04-01T07:00:00+08:00"),
        ("昨天 10:00", "2021-03-31T10:00:00+08:00"),
        ("03-20", "2021-03-20T23:59:59+08:00"),
        ("2021-03-10", "2021-03-10T23:59:59+08:00"),
        ("2020-12-30", "2020-12-30T23:59:59+08:00"),
    ]


def test_wechat_unfolds_messages_and_keeps_deleted_slots_marked() -> None:
    reading = read("wechat", seen("wechat", "list", "appmsgpublish.json"))
    posts = {post.post_id: post for post in reading.posts}
    first = posts["2247000103_1"]
    assert first.published_at == shanghai("2021-03-30T17:30:00")
    assert first.edited_at == shanghai("2021-03-31T08:12:00") and posts["2247000103_2"].edited_at is None
    assert [post_id for post_id, post in posts.items() if post.is_deleted] == ["2247000103_3"]
    assert (posts["2247000102_1"].title, posts["2247000102_1"].kind) == ("纯文字消息没有标题", "text")
    assert reading.identity_seen == UIDS["wechat"]


def test_wechat_does_not_take_a_deleted_article_for_the_newest() -> None:
    body = seen("wechat", "list", "appmsgpublish.json")
    gone = body.body.replace(b'\\\\\\"is_deleted\\\\\\": false', b'\\\\\\"is_deleted\\\\\\": true')
    assert gone != body.body
    reading = read("wechat", replace(body, body=gone))
    assert all(post.is_deleted for post in reading.posts) and reading.newest is None


@pytest.mark.parametrize(
    ("platform", "first", "last"),
    [
        ("douyin", "post.json", "post_page2_end.json"),
        ("kuaishou", "feed.json", "feed_end.json"),
        ("weibo", "ajax_mymblog.json", "ajax_mymblog_end.json"),
        ("weibo", "mobile_cards.json", "mobile_cards_end.json"),
        ("wechat", "appmsgpublish.json", "appmsgpublish_end.json"),
    ],
)
def test_pages_on_until_the_end_marker(platform: str, first: str, last: str) -> None:
    page1, page2 = seen(platform, "list", first), seen(platform, "list", last, begin=5)
    reading = read(platform, page1, since=FAR)
    assert (reading.outcome, reading.wants_more, reading.reached_end) == (Outcome.OK_PARTIAL, True, False)
    reading = read(platform, page1, page2, since=FAR)
    assert (reading.outcome, reading.wants_more, reading.reached_end) == (Outcome.OK_COMPLETE, False, True)


@pytest.mark.parametrize(
    ("platform", "first", "refusal"),
    [
        ("douyin", "post.json", "post_empty_body.txt"),
        ("douyin", "post.json", "post_empty_has_more.json"),
        ("kuaishou", "feed.json", "feed_result2.json"),
        ("weibo", "ajax_mymblog.json", "captcha.json"),
        ("weibo", "mobile_cards.json", "empty_nocontent.json"),
        ("wechat", "appmsgpublish.json", "publish_200013.json"),
    ],
)
def test_a_refusal_on_a_later_page_keeps_what_came_before(platform: str, first: str, refusal: str) -> None:
    page1 = seen(platform, "list", first)
    reading = read(platform, page1, seen(platform, "list", refusal, begin=5), since=FAR)
    assert reading.outcome is Outcome.OK_PARTIAL
    assert reading.posts == read(platform, page1, since=FAR).posts
    assert "第 2 页" in reading.detail and not reading.wants_more


def test_a_renamed_profile_is_not_the_registered_account() -> None:
    other = seen("douyin", "profile", "profile.json")
    body = other.body.replace(UIDS["douyin"].encode(), b"MS4wLjABAAAAsomebodyElse")
    answer = replace(other, body=body)
    reading = read("douyin", answer, seen("douyin", "list", "post_stranger.json"))
    assert reading.outcome is Outcome.IDENTITY_MISMATCH


def test_an_idle_account_or_nothing_but_reposts_under_another_profile_is_a_mismatch() -> None:
    other = seen("weibo", "profile", "ajax_profile_idle.json")
    other = replace(other, body=other.body.replace(UIDS["weibo"].encode(), b"6100000099"))
    idle = read("weibo", other, seen("weibo", "list", "ajax_mymblog_empty.json"))
    answer = seen("weibo", "list", "ajax_mymblog.json")
    body = json.loads(answer.body)
    body["data"]["list"] = [item for item in body["data"]["list"] if "ori_mid" in item]
    reposts = read("weibo", other, replace(answer, body=json.dumps(body).encode()))
    assert idle.outcome is reposts.outcome is Outcome.IDENTITY_MISMATCH


def test_a_refusal_beyond_what_is_needed_takes_nothing_away() -> None:
    page1, refusal = seen("douyin", "list", "post.json"), seen("douyin", "list", "post_empty_body.txt")
    assert read("douyin", page1, refusal) == read("douyin", page1)


def test_a_logged_out_page_makes_the_list_partial() -> None:
    page = seen("weibo", "page", "visitor.html", url="https://weibo.com/u/6100000007")
    body = b'<html><script>window.$CONFIG = {"islogin":"0"}</script></html>'
    document = replace(page, body=body)
    reading = read("weibo", seen("weibo", "list", "ajax_mymblog.json"), document)
    assert (reading.outcome, reading.detail) == (Outcome.OK_PARTIAL, "登录状态已失效，按访客显示")


def test_tokens_and_signatures_are_not_kept_in_addresses() -> None:
    url = list_url(UIDS["wechat"], 5, "987654321")
    assert token_of(url) == "987654321"
    kept = without_secrets(url)
    assert "987654321" not in kept and "begin=5" in kept and "fakeid=" in kept
    signed = "https://www.douyin.com/aweme/v1/web/aweme/post/?sec_user_id=x&msToken=AbC&a_bogus=dEf&count=18"
    assert without_secrets(signed).endswith("sec_user_id=x&msToken=-&a_bogus=-&count=18")
    assert token_of("https://evil.example/?token=987654321") is None
