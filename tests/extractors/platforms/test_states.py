"""Every known answer of every platform, and what it must be called: ``states.csv`` is the table.

``reader``: ``list`` for :meth:`Platform.read`; ``article`` and ``menu`` for 微信's two other documents, whose
fixtures stand under ``lists``, and whose outcome ``read`` means that they say what is under ``detail``.
"""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.outcomes import Outcome
from extractors.periods import SHANGHAI
from extractors.platforms.catalogue import PLATFORMS
from extractors.platforms.reading import Reading
from extractors.platforms.wechat_article import read_article
from extractors.platforms.wechat_menu import read_menu
from extractors.records import Seen

HERE = Path(__file__)
FIXTURES = HERE.parents[2] / "fixtures"
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
Row = dict[str, str]
with HERE.with_name("states.csv").open(encoding="utf-8", newline="") as _lines:
    TABLE: list[Row] = list(csv.DictReader(_lines))


def seen(platform: str, role: str, name: str, *, status: int = 200, url: str = "", begin: int = 0) -> Seen:
    """A fixture as if it had just been answered."""
    if not url:
        asked = f"https://mp.weixin.qq.com/cgi-bin/appmsgpublish?begin={begin}&fakeid={UIDS['wechat']}"
        live = "https://live.kuaishou.com/live_api/" if name.startswith("live_") else ""
        url = asked if platform == "wechat" and role == "list" else live or PAGES[platform]
    media_type = "text/html" if name.endswith(".html") else "application/json"
    body = (FIXTURES / platform / name).read_bytes()
    return Seen(role, url, status, media_type, body, SERVER_DATE)


def read(platform: str, *answers: Seen, anonymous: bool = False, since: datetime = SINCE) -> Reading:
    return PLATFORMS[platform].read(UIDS[platform], since, answers, anonymous=anonymous)


def _name(row: Row) -> str:
    shown = (row["platform"], row["reader"], *(row[name] for name in ["profile", "lists", "windows", "page"]))
    return "-".join(filter(None, (*shown, row["status"], "visitor" if row["visitor"] else "")))


def _read_list(row: Row) -> tuple[str, str]:
    platform, status = row["platform"], int(row["status"] or 200)
    answers = [seen(platform, "profile", row["profile"])] if row["profile"] else []
    answers += [
        seen(platform, "list", name, status=status, begin=5 * number)
        for number, name in enumerate(row["lists"].split())
    ]
    answers += [seen(platform, "window", name) for name in row["windows"].split()]
    if row["page"]:
        answers.append(seen(platform, "page", row["page"], status=status, url=row["page_url"]))
    reading = read(platform, *answers, anonymous=bool(row["visitor"]))
    if reading.outcome is Outcome.OK_COMPLETE:
        assert reading.identity_seen == UIDS[platform]
    else:
        assert reading.detail, "whoever is on call must be told why"
    return str(reading.outcome), reading.detail


def _read_article(row: Row) -> tuple[str, str]:
    article = read_article(seen("wechat", "article", row["lists"], url="https://mp.weixin.qq.com/s/made-up"))
    if article.state:
        return str(article.state[0]), article.state[1]
    assert article.published
    return "read", f"{article.published.at.astimezone(SHANGHAI).isoformat()} {article.post_id}"


def _read_menu(row: Row) -> tuple[str, str]:
    menu = read_menu(seen("wechat", "menu", row["lists"]))
    if menu.state:
        return str(menu.state[0]), menu.state[1]
    return "read", " ".join(sorted(entry.path for entry in menu.entries if entry.is_interaction))


@pytest.mark.parametrize("row", TABLE, ids=_name)
def test_state(row: Row) -> None:
    reader = {"list": _read_list, "article": _read_article, "menu": _read_menu}[row["reader"]]
    assert reader(row) == (row["outcome"], row["detail"])


def test_every_fixture_is_in_the_table() -> None:
    used = {
        (row["platform"], name)
        for row in TABLE
        for name in f"{row['profile']} {row['lists']} {row['windows']} {row['page']}".split()
    }
    pieces = {("wechat", "appmsgpublish_end.json")}  # only ever a later page: see test_posts.py
    there = {(folder, path.name) for folder in UIDS for path in (FIXTURES / folder).iterdir()}
    assert there == used | pieces


def test_every_platform_shows_every_outcome_it_can() -> None:
    """What no platform's answers can say is listed by hand, so that a new one is thought about."""
    never = {
        "douyin": set[str](),
        "kuaishou": {"private", "unreachable"},
        "weibo": {"unreachable"},  # its refusals by status mean its rate limit
        "wechat": {"private"},
    }
    for platform, missing in never.items():
        shown = {row["outcome"] for row in TABLE if (row["platform"], row["reader"]) == (platform, "list")}
        assert {str(outcome) for outcome in Outcome} - shown == missing, platform
