"""Every known answer of every platform, and what it must be called: the states as one table."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.outcomes import Outcome
from extractors.periods import SHANGHAI
from extractors.platforms.catalogue import PLATFORMS
from extractors.platforms.reading import Reading
from extractors.records import Seen

FIXTURES = Path(__file__).parents[2] / "fixtures"
SINCE = datetime(2021, 3, 17, tzinfo=SHANGHAI)
SERVER_DATE = datetime(2021, 4, 1, 1, tzinfo=UTC)
UIDS = {
    "douyin": "MS4wLjABAAAAsyntheticSyntheticSyntheticSynthetic_c01",
    "kuaishou": "3xsynthetic00001",
    "weibo": "6100000007",
    "wechat": "MzA2MTAwMDAwNw==",
}
PAGES = {
    "douyin": f"https://www.douyin.com/user/{UIDS['douyin']}",
    "kuaishou": f"https://www.kuaishou.com/profile/{UIDS['kuaishou']}",
    "weibo": f"https://weibo.com/u/{UIDS['weibo']}",
    "wechat": "https://mp.weixin.qq.com/",
}


def seen(platform: str, role: str, name: str, *, status: int = 200, url: str = "", begin: int = 0) -> Seen:
    """A fixture as if it had just been answered."""
    if not url:
        asked = f"https://mp.weixin.qq.com/cgi-bin/appmsgpublish?begin={begin}&fakeid={UIDS['wechat']}"
        url = asked if platform == "wechat" and role == "list" else PAGES[platform]
    media_type = "text/html" if name.endswith(".html") else "application/json"
    body = (FIXTURES / platform / name).read_bytes()
    return Seen(role, url, status, media_type, body, SERVER_DATE)


def read(platform: str, *answers: Seen, anonymous: bool = False, since: datetime = SINCE) -> Reading:
    return PLATFORMS[platform].read(UIDS[platform], since, answers, anonymous=anonymous)


@dataclass(frozen=True)
class Case:
    platform: str
    outcome: Outcome
    profile: str = ""
    lists: tuple[str, ...] = ()
    page: str = ""
    page_url: str = ""
    status: int = 200
    page_status: int = 200
    anonymous: bool = False

    def __str__(self) -> str:
        named = "+".join((self.profile, *self.lists, self.page, self.page_url)).strip("+")
        suffix = f"-{self.status}" if self.status != 200 else ""
        return f"{self.platform}-{named}{suffix}{'-anonymous' if self.anonymous else ''}"


O = Outcome  # noqa: E741 — a table reads better with short words
CASES = [
    # 抖音
    Case("douyin", O.OK_COMPLETE, "profile.json", ("post.json",)),
    Case("douyin", O.OK_COMPLETE, "", ("post.json",), anonymous=True),
    Case("douyin", O.OK_COMPLETE, "profile.json", ("post_page2_end.json",)),
    Case("douyin", O.OK_COMPLETE, "profile_idle.json", ("post_empty_list.json",)),
    Case("douyin", O.OK_PARTIAL, "profile.json", ("post_login_degraded.json",)),
    Case("douyin", O.OK_PARTIAL, "profile.json", ("post_with_others.json",)),
    Case("douyin", O.SIGNATURE_REJECTED, "profile.json", ("post_empty_body.txt",)),
    Case("douyin", O.SIGNATURE_REJECTED, "profile.json", ("post_blocked.txt",)),
    Case("douyin", O.SIGNATURE_REJECTED, "profile.json", ("post_null_list.json",)),
    Case("douyin", O.SIGNATURE_REJECTED, "profile.json", ("post_empty_list.json",)),
    Case("douyin", O.SIGNATURE_REJECTED, "", ("post_empty_list.json",)),
    Case("douyin", O.RATE_LIMITED, "profile.json", ("post_empty_has_more.json",)),
    Case("douyin", O.RATE_LIMITED, "", ("post_empty_body.txt",), status=429),
    Case("douyin", O.UNREACHABLE, "", ("post_empty_body.txt",), status=403),
    Case("douyin", O.LOGIN_REQUIRED, "profile.json", ("post_notloggedin.json",)),
    Case("douyin", O.LOGIN_REQUIRED, page="login_wall.html"),
    Case("douyin", O.PRIVATE, "profile_private.json", ("post_empty_list.json",)),
    Case("douyin", O.ACCOUNT_GONE, "profile_deactivated.json", ("post_empty_list.json",)),
    Case("douyin", O.ACCOUNT_GONE, "profile_deactivated.json"),
    Case("douyin", O.CAPTCHA, page="captcha.html"),
    Case("douyin", O.CAPTCHA, "", ("post_verify_ticket.json",)),
    Case("douyin", O.CAPTCHA, "", ("post_empty_body.txt",), page="captcha.html"),
    Case("douyin", O.SIGNATURE_REJECTED, page="service_error.html"),
    Case("douyin", O.IDENTITY_MISMATCH, "profile.json", ("post_stranger.json",)),
    Case("douyin", O.LAYOUT_CHANGED, "profile.json", ("post_renamed.json",)),
    Case("douyin", O.LAYOUT_CHANGED, "profile.json", page="user_page.html"),
    Case("douyin", O.NOT_FOUND, page="user_page.html", page_status=404),
    # 快手
    Case("kuaishou", O.OK_COMPLETE, "profile_rest.json", ("feed.json",)),
    Case("kuaishou", O.OK_COMPLETE, "profile.json", ("feed_end.json",)),
    Case("kuaishou", O.OK_COMPLETE, "profile.json", ("graphql_photolist.json",)),
    Case("kuaishou", O.OK_COMPLETE, "profile_idle.json", ("feed_empty_end.json",)),
    Case("kuaishou", O.OK_COMPLETE, "profile.json", ("feed_result2.json", "feed.json")),
    Case("kuaishou", O.OK_PARTIAL, "profile.json", ("feed_null_photo.json",)),
    Case("kuaishou", O.SIGNATURE_REJECTED, "profile.json", ("feed_empty_end.json",)),
    Case("kuaishou", O.SIGNATURE_REJECTED, "profile.json", ("feed_result50.json",)),
    Case("kuaishou", O.RATE_LIMITED, "profile.json", ("feed_result2.json",)),
    Case("kuaishou", O.RATE_LIMITED, "profile.json", ("feed_result400010.json",)),
    Case("kuaishou", O.RATE_LIMITED, "profile.json", ("graphql_blocked.json",)),
    Case("kuaishou", O.LOGIN_REQUIRED, "profile.json", ("feed_result109.json",)),
    Case("kuaishou", O.LOGIN_REQUIRED, "profile.json", ("feed_result21.json",)),
    Case("kuaishou", O.CAPTCHA, page="captcha.html"),
    Case("kuaishou", O.CAPTCHA, "", ("feed_result2001.json",)),
    Case("kuaishou", O.CAPTCHA, "", ("feed_result400002.json",)),
    Case("kuaishou", O.CAPTCHA, "", ("graphql_errors.json",)),
    Case("kuaishou", O.CAPTCHA, "", ("feed_result2.json",), page="captcha.html"),
    Case("kuaishou", O.IDENTITY_MISMATCH, "profile.json", ("feed_with_others.json",)),
    Case("kuaishou", O.LAYOUT_CHANGED, "profile.json", ("feed_renamed.json",)),
    # 微博
    Case("weibo", O.OK_COMPLETE, "ajax_profile.json", ("ajax_mymblog.json",)),
    Case("weibo", O.OK_COMPLETE, "ajax_profile.json", ("ajax_mymblog_end.json",)),
    Case("weibo", O.OK_COMPLETE, "mobile_index.json", ("mobile_cards.json",)),
    Case("weibo", O.OK_COMPLETE, "mobile_index.json", ("mobile_cards_end.json",)),
    Case("weibo", O.OK_COMPLETE, "mobile_index.json", ("mobile_relative_times.json",)),
    Case("weibo", O.OK_COMPLETE, "ajax_profile_idle.json", ("ajax_mymblog_empty.json",)),
    Case("weibo", O.OK_PARTIAL, "ajax_profile.json", ("ajax_mymblog.json",), anonymous=True),
    Case("weibo", O.OK_PARTIAL, "mobile_index.json", ("mobile_cards.json",), anonymous=True),
    Case("weibo", O.OK_PARTIAL, "ajax_profile_idle.json", ("ajax_mymblog_empty.json",), anonymous=True),
    Case("weibo", O.OK_PARTIAL, "ajax_profile.json", ("ajax_mymblog_visitor.json",)),
    Case("weibo", O.SIGNATURE_REJECTED, "ajax_profile.json", ("ajax_mymblog_empty.json",)),
    Case("weibo", O.NOT_FOUND, "ajax_profile.json", ("empty_nocontent.json",)),
    Case("weibo", O.NOT_FOUND, "error_20003.json", ("error_20003.json",)),
    Case("weibo", O.NOT_FOUND, page="user_not_exist.html"),
    Case("weibo", O.PRIVATE, "error_20112.json", ("error_20112.json",)),
    Case("weibo", O.LOGIN_REQUIRED, "ajax_profile.json", ("ok_minus100.json",)),
    Case("weibo", O.LOGIN_REQUIRED, "ajax_profile.json", ("error_21301.json",)),
    Case("weibo", O.LOGIN_REQUIRED, page="visitor.html"),
    Case(
        "weibo",
        O.LOGIN_REQUIRED,
        page="not_json.html",
        page_url="https://passport.weibo.com/visitor/visitor?entry=miniblog",
    ),
    Case("weibo", O.CAPTCHA, "ajax_profile.json", ("captcha.json",)),
    Case("weibo", O.RATE_LIMITED, "ajax_profile.json", ("not_json.html",)),
    *(
        Case("weibo", O.RATE_LIMITED, "", ("not_json.html",), status=status)
        for status in (403, 414, 418, 429, 432)
    ),
    Case("weibo", O.ACCOUNT_GONE, "ajax_profile_blocked.json", ("empty_nocontent.json",)),
    Case("weibo", O.IDENTITY_MISMATCH, "ajax_profile.json", ("ajax_mymblog_stranger.json",)),
    Case("weibo", O.LAYOUT_CHANGED, "ajax_profile.json", ("ajax_renamed.json",)),
    # 微信
    Case("wechat", O.OK_COMPLETE, "", ("appmsgpublish.json",)),
    Case("wechat", O.OK_COMPLETE, "", ("appmsgpublish_none.json",)),
    Case("wechat", O.OK_COMPLETE, "", ("appmsgpublish_short_links.json",)),
    Case("wechat", O.OK_PARTIAL, "", ("appmsgpublish_unsent.json",)),
    Case("wechat", O.OK_PARTIAL, "", ("appmsgpublish_slots.json", "appmsgpublish_broken_off.json")),
    Case("wechat", O.IDENTITY_MISMATCH, "", ("appmsgpublish_stranger.json",)),
    Case("wechat", O.LAYOUT_CHANGED, "", ("no_publish_page.json",)),
    Case("wechat", O.NOT_FOUND, "", ("publish_200002.json",)),
    Case("wechat", O.LOGIN_REQUIRED, "", ("publish_200003.json",)),
    Case("wechat", O.RATE_LIMITED, "", ("publish_200013.json",)),
    Case("wechat", O.LOGIN_REQUIRED, "", ("publish_200040.json",)),
    Case("wechat", O.CAPTCHA, "", ("captcha.html",)),
    Case("wechat", O.ACCOUNT_GONE, "", ("account_blocked.html",)),
    Case("wechat", O.ACCOUNT_GONE, "", ("account_cancelled.html",)),
    Case("wechat", O.ACCOUNT_GONE, "", ("account_migrated.html",)),
    Case("wechat", O.LOGIN_REQUIRED, "", ("needs_client.html",)),
    Case("wechat", O.UNREACHABLE, "", ("unavailable.html",)),
    Case("wechat", O.LOGIN_REQUIRED, page="login_page.html"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_state(case: Case) -> None:
    answers = [seen(case.platform, "profile", case.profile)] if case.profile else []
    answers += [
        seen(case.platform, "list", name, status=case.status, begin=5 * number)
        for number, name in enumerate(case.lists)
    ]
    if case.page:
        answers.append(seen(case.platform, "page", case.page, status=case.page_status, url=case.page_url))
    reading = read(case.platform, *answers, anonymous=case.anonymous)
    assert reading.outcome is case.outcome, reading.detail
    if case.outcome is Outcome.OK_COMPLETE:
        assert reading.identity_seen == UIDS[case.platform]
    else:
        assert reading.detail, "whoever is on call must be told why"


def test_every_fixture_is_in_the_table() -> None:
    used = {
        (case.platform, name) for case in CASES for name in (case.profile, *case.lists, case.page) if name
    }
    pieces = {("wechat", "appmsgpublish_end.json")}  # only ever a later page: see test_posts.py
    there = {(folder, path.name) for folder in UIDS for path in (FIXTURES / folder).iterdir()}
    assert there == used | pieces
