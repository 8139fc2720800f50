"""公众号 by its owner's official API: ``datacube/getarticletotaldetail``, what was published on a day. Pure.

All 发表内容 of a day, 群发 and 发布. It tells days, not instants; figures may be late (``is_delay``), and the
newest day is yesterday: so it can only prove *updated*.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from extractors.outcomes import Outcome
from extractors.periods import SHANGHAI
from extractors.plan import WINDOW
from extractors.platforms.platform import Start
from extractors.platforms.reading import Entry, ListPage, Profile
from extractors.platforms.signs import NotAList, at, head, read_object
from extractors.platforms.times import day
from extractors.platforms.wechat_signs import article_link, biz_of, refusal
from extractors.records import Post, Seen

HOST = "api.weixin.qq.com"
START = Start(f"https://{HOST}/", "wechat.owner", keyed=True)
DOUBT = "公众号接口按日统计，只能证明已更新"
# Refusals that concern the day asked for, not the account: before the API's first day; not worked out yet.
_NO_SUCH_DAY = {61501: "接口没有这一天的数据", 61503: "数据尚未备好，不等于没有发布"}


def days_to_ask(points: Iterable[datetime], yesterday: date) -> list[date]:
    """The days (Asia/Shanghai) that lie in the two weeks up to any of ``points``, newest first."""
    days: set[date] = set()
    for point in points:
        first, last = ((at.astimezone(SHANGHAI)).date() for at in (point - WINDOW, point))
        days |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return sorted((one for one in days if one <= yesterday), reverse=True)


def is_in_window(one: date, point: datetime) -> bool:
    """Whether any instant of the day may lie in the two weeks up to ``point``."""
    first, last = ((at.astimezone(SHANGHAI)).date() for at in (point - WINDOW, point))
    return first <= one <= last


def list_page(seen: Seen, uid: str) -> ListPage:
    """``list``: one row an article. A day without any is a page of nothing, never the end of the list."""
    try:
        body = read_object(seen, (), {}, Outcome.LAYOUT_CHANGED)
        if body.get("errcode") in _NO_SUCH_DAY:
            return _nothing(_NO_SUCH_DAY[body["errcode"]])
        if (refused := refusal(body)) is not None:
            raise NotAList(refused)
        rows = body.get("list")
        if not isinstance(rows, list) or not isinstance(body.get("is_delay"), bool):
            raise NotAList((Outcome.LAYOUT_CHANGED, "应答中没有 list 或 is_delay"))
    except NotAList as other:
        return ListPage(state=other.state)
    if not rows:
        return _nothing("数据有延迟（is_delay），不等于没有发布" if body["is_delay"] else "")
    entries, doubts = zip(*(_entry(row, seen, uid) for row in rows), strict=True)
    return ListPage(entries=entries, doubts=tuple(filter(None, dict.fromkeys((DOUBT, *doubts)))))


def profile(seen: Seen, uid: str) -> Profile:
    """Whose API it is that answered: the owner of its articles. The key itself says no such thing."""
    page = list_page(seen, uid)
    return Profile(frozenset(entry.author for entry in page.entries if entry.author), state=page.state)


def _nothing(why: str) -> ListPage:
    return ListPage(entries=(Entry(None, None),), doubts=tuple(filter(None, (DOUBT, why))))


def _entry(row: Any, seen: Seen, uid: str) -> tuple[Entry, str]:
    published, post_id = day(at(row, "ref_date")), head(at(row, "msgid"))
    link = article_link(at(row, "content_url"))
    author = biz_of(link, uid)
    if published is None or not post_id:
        return Entry(author, None, link), "有文章读不出发布日期"
    if author is None:
        return Entry(None, None, link), "有文章的链接看不出是谁的"
    post = Post(
        post_id=post_id,
        published_at=published.at,
        published_raw=published.raw,
        published_rule=published.rule,
        title=head(at(row, "title")),
        url=link,
        kind="article",
        evidence_sha256=seen.sha256,
    )
    return Entry(author, post), ""


def links(entries: Iterable[Entry]) -> Iterator[str]:
    """Addresses whose own page may tell what a list does not."""
    return (entry.link for entry in entries if entry.post is None and entry.link)
