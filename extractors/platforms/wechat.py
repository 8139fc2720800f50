"""微信公众号: the backend's list of another account's publications (``/cgi-bin/appmsgpublish``). Pure.

The backend belongs to whoever logged in by QR code. Its ``token`` stands in the address it redirects to;
it opens that account, so it is never logged and never kept.

Where it proves nothing there are two other ways, which can only prove *updated*: the account owner's own API
(:mod:`wechat_owner`) and the page of an article whose address is known (:mod:`wechat_article`).
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from extractors.outcomes import Outcome
from extractors.platforms import wechat_article, wechat_owner
from extractors.platforms.platform import Paging, Platform, Start
from extractors.platforms.reading import Entry, ListPage, Profile, Strangers
from extractors.platforms.signs import NotAList, at, count, head, read_object
from extractors.platforms.times import epoch
from extractors.platforms.wechat_signs import (
    HOST,
    SIGNS,
    article_link,
    biz_of,
    decimal,
    link_of,
    refusal,
)
from extractors.records import Post, Seen

HOME = f"https://{HOST}/"
_LIST_PATH = "/cgi-bin/appmsgpublish"
_STEP = 5  # messages a page; the backend gives no more
RETURNS: Mapping[int, Outcome] = {
    200002: Outcome.NOT_FOUND,  # invalid args: the fakeid in the registry is wrong
    200003: Outcome.LOGIN_REQUIRED,
    200013: Outcome.RATE_LIMITED,
    200040: Outcome.LOGIN_REQUIRED,
    -1: Outcome.LOGIN_REQUIRED,
    -3: Outcome.LOGIN_REQUIRED,
    -4: Outcome.LOGIN_REQUIRED,
    -6: Outcome.RATE_LIMITED,
}
_REPRINT = 11  # item_show_type of 转载
_SENT = 2  # sent_result.msg_status
_KINDS: Mapping[int, str] = {5: "video", 7: "audio", 8: "image", 10: "text"}


def _starts(_uid: str, hosts: frozenset[str]) -> tuple[Start, ...]:
    backend = Start(HOME, "wechat.backend")
    return (backend, wechat_owner.START) if wechat_owner.HOST in hosts else (backend,)


def _role_of(url: str, _request_body: str) -> str | None:
    address = urlsplit(url)
    return "list" if address.hostname == HOST and address.path == _LIST_PATH else None


def token_of(url: str) -> str | None:
    """The backend's token, where ``url`` is a page that a valid login was led to."""
    address = urlsplit(url)
    if address.hostname != HOST:
        return None
    token = parse_qs(address.query).get("token", [""])[0]
    return token if token.isdigit() else None


def list_url(uid: str, begin: int, token: str) -> str:
    """The address of five messages of ``uid`` (its fakeid), from the ``begin``-th on."""
    query = {
        "sub": "list", "sub_action": "list_ex", "search_field": "null", "begin": begin, "count": _STEP,
        "query": "", "fakeid": uid, "type": "101_1", "free_publish_type": 1, "token": token,
        "lang": "zh_CN", "f": "json", "ajax": 1,
    }  # fmt: skip
    return f"https://{HOST}{_LIST_PATH}?{urlencode(query)}"


def next_url(uid: str, pages_seen: int, token: str) -> str:
    """The address of the page after ``pages_seen`` pages."""
    return list_url(uid, pages_seen * _STEP, token)


def list_page(seen: Seen, uid: str) -> ListPage:
    """What came by whichever of the ways."""
    address = urlsplit(seen.url)
    if address.hostname == wechat_owner.HOST:
        return wechat_owner.list_page(seen, uid)
    if article_link(seen.url) or address.path.startswith("/mp/"):
        return wechat_article.list_page(seen, uid)
    return _backend_page(seen, uid)


def _backend_page(seen: Seen, uid: str) -> ListPage:
    """Three layers of JSON. A missing ``publish_page`` is an error, never the end of the list."""
    try:
        body = read_object(seen, SIGNS, {}, Outcome.LAYOUT_CHANGED)
        page = _publish_page(body)
    except NotAList as other:
        return ListPage(state=other.state)
    asked = parse_qs(urlsplit(seen.url).query)
    begin = count(asked.get("begin", ["0"])[0]) or 0
    total = count(page.get("total_count"))
    entries, doubts = [], []
    for item in page["publish_list"]:
        message = _inner(at(item, "publish_info"))
        if message is None:  # "" — a slot without a message
            continue
        made, doubt = _message(message, seen, uid)
        entries += made
        doubts += doubt
    # A page of empty slots is still a page: the slot is an item that is no post.
    slots = tuple(entries) or ((Entry(None, None),) if page["publish_list"] else ())
    reached = begin + (_STEP if page["publish_list"] else 0)
    return ListPage(
        entries=slots,
        end=total is not None and reached >= total,
        doubts=tuple(dict.fromkeys(doubts)),
        identity=uid if not any(entry.author for entry in entries) and _asked_for(asked, uid) else None,
        total=total,
    )


def _publish_page(body: Mapping[str, Any]) -> dict[str, Any]:
    if (refused := refusal(body)) is not None:
        raise NotAList(refused)
    ret = at(body, "base_resp", "ret")
    if ret != 0:
        outcome = RETURNS.get(ret, Outcome.RATE_LIMITED) if isinstance(ret, int) else Outcome.LAYOUT_CHANGED
        raise NotAList((outcome, f"ret {ret} {head(at(body, 'base_resp', 'err_msg'))}".rstrip()))
    page = _inner(body.get("publish_page"))
    if page is None or not isinstance(page.get("publish_list"), list):
        raise NotAList((Outcome.LAYOUT_CHANGED, "应答中没有 publish_page"))
    return page


def _inner(text: Any) -> dict[str, Any] | None:
    """JSON within JSON. ``None`` where there is none; ``ValueError`` where it is broken."""
    if not text:
        return None
    value = text if isinstance(text, dict) else json.loads(text)
    return value if isinstance(value, dict) else None


def _message(message: Mapping[str, Any], seen: Seen, uid: str) -> tuple[list[Entry], list[str]]:
    """The articles of one message: all were published at its ``sent_info.time``."""
    articles = [article for article in message.get("appmsgex") or [] if isinstance(article, dict)]
    status = at(message, "sent_result", "msg_status")
    if status not in (None, _SENT):
        return [_untold(article, uid) for article in articles], ["有群发的发送状态不明"]
    entries, doubts = [], []
    for article in articles:
        published = epoch(at(message, "sent_info", "time"), "s") or epoch(article.get("create_time"), "s")
        post_id = str(article.get("aid") or "")
        if published is None or not post_id:
            doubts.append("有文章读不出发布时间")
            entries.append(_untold(article, uid))
            continue
        if article.get("checking"):
            entries.append(_untold(article, uid))
            continue
        link = link_of(article.get("link"))
        created, updated = epoch(article.get("create_time"), "s"), epoch(article.get("update_time"), "s")
        starts = max(published.at, created.at) if created else published.at
        kind = article.get("item_show_type")
        entries.append(
            Entry(
                biz_of(link, uid),
                Post(
                    post_id=post_id,
                    published_at=published.at,
                    published_raw=published.raw,
                    published_rule=published.rule,
                    # Text and picture messages have no title.
                    title=head(article.get("title"), article.get("digest")),
                    url=link,
                    kind=_KINDS.get(kind, "article") if isinstance(kind, int) else "article",
                    is_repost=kind == _REPRINT,
                    # Its slot remains; what nobody can read any more is no publication.
                    is_deleted=bool(article.get("is_deleted") or article.get("ban_flag")),
                    edited_at=updated.at if updated and updated.at > starts else None,
                    evidence_sha256=seen.sha256,
                ),
            )
        )
    return entries, doubts


def _untold(article: Mapping[str, Any], uid: str) -> Entry:
    """An article whose publication the list does not tell: its own page may, where anybody can read it."""
    link = link_of(article.get("link"))
    hidden = article.get("checking") or article.get("is_deleted") or article.get("ban_flag")
    return Entry(biz_of(link, uid), None, "" if hidden else article_link(link))


def _asked_for(asked: Mapping[str, list[str]], uid: str) -> bool:
    return decimal(asked.get("fakeid", [""])[0].replace(" ", "+")) == decimal(uid)


WECHAT = Platform(
    name="wechat",
    paging=Paging.FETCH,
    strangers=Strangers.LEFT_OUT,
    signs=SIGNS,
    status={},
    starts=_starts,
    role_of=_role_of,
    profile=lambda _seen, _uid: Profile(),
    list_page=list_page,
)
