"""快手's live site (``live.kuaishou.com``): a list for anybody, which can only prove *updated*. Pure.

Its items carry no publish time. The address of their file holds the second of the *upload* (Beijing time),
which is never later than the publication; pinned items are not marked. So the list is never the whole truth.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from extractors.outcomes import Outcome
from extractors.periods import SHANGHAI
from extractors.platforms.reading import Entry, ListPage, Profile
from extractors.platforms.signs import at, count
from extractors.platforms.times import Moment, epoch, instant
from extractors.records import Post, Seen

HOST = "live.kuaishou.com"
ROLES: Mapping[str, str] = {"/live_api/baseuser/userinfo/byid": "profile", "/live_api/profile/public": "list"}
DOUBT = "直播站匿名列表：时间为上传时间，置顶不标明，只能证明已更新"
_ENDS = frozenset({"", "no_more"})
# /upic/2021/03/30/10/B{base64 of yyyyMMddHHmmss_{userId}_{photo}_1_3}_b.jpg
_UPLOADED = re.compile(r"/upic/(\d{4})/(\d\d)/(\d\d)/(\d\d)/(?:B([A-Za-z0-9+/=-]+?)_)?")
_ATLAS = re.compile(r"/ufile/atlas/([A-Za-z0-9+/=-]+?)_")  # base64 of {photo}_{epoch ms}


def is_its(seen: Seen) -> bool:
    return urlsplit(seen.url).hostname == HOST


def data_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    data = body.get("data")
    return data if isinstance(data, dict) else {}


def profile(data: Mapping[str, Any]) -> Profile:
    """``userInfo``: 快手号, eid and the number behind them; the counter of public works."""
    user = data.get("userInfo")
    ids = {str(at(user, name)) for name in ("id", "eid", "originUserId") if at(user, name)}
    return Profile(frozenset(ids), count(at(user, "counts", "photo")))


def list_page(data: Mapping[str, Any], seen: Seen) -> ListPage:
    """``list``: works by their files. A running broadcast stands first without an id: no post."""
    works = data.get("list")
    if not isinstance(works, list):
        return ListPage(state=(Outcome.LAYOUT_CHANGED, "应答中没有 list"))
    entries = [_entry(work, seen) for work in works if at(work, "id")]
    return ListPage(entries=tuple(entries), end=data.get("pcursor") in _ENDS, doubts=(DOUBT,))


def _entry(work: Mapping[str, Any], seen: Seen) -> Entry:
    author, work_id = at(work, "author", "id"), str(work["id"])
    uploaded = next(filter(None, map(uploaded_at, _files(work))), None)
    if uploaded is None:
        return Entry(str(author) if author else None, None)
    return Entry(
        str(author) if author else None,
        Post(
            post_id=work_id,
            published_at=uploaded.at,
            published_raw=uploaded.raw,
            published_rule=uploaded.rule,
            title="",
            url=f"https://www.kuaishou.com/short-video/{quote(work_id, safe='')}",
            kind="image_text" if work.get("workType") in ("multiple", "single", "vertical") else "video",
            evidence_sha256=seen.sha256,
        ),
    )


def _files(work: Mapping[str, Any]) -> Iterator[str]:
    pictures = work.get("imgUrls")
    for address in (
        work.get("playUrl"),
        work.get("poster"),
        *(pictures if isinstance(pictures, list) else ()),
    ):
        if isinstance(address, str):
            yield address


def uploaded_at(address: str) -> Moment | None:
    """When the file at ``address`` was uploaded, by its own name; the last second of its hour where that
    is all there is. ``None`` for any other address."""
    if (atlas := _ATLAS.search(address)) is not None:
        stamp = re.fullmatch(r"\d+_(\d{13})", _decoded(atlas[1]))
        moment = epoch(stamp[1], "ms") if stamp else None
        return Moment(moment.at, moment.raw, "kuaishou_atlas_ms") if moment else None
    if (found := _UPLOADED.search(address)) is None:
        return None
    stamp = re.match(r"(\d{14})_\d+_", _decoded(found[5] or ""))
    try:
        if stamp is not None:
            at_second = datetime.strptime(stamp[1], "%Y%m%d%H%M%S").replace(tzinfo=SHANGHAI)
            return instant(at_second, stamp[1], "kuaishou_upload_second")
        hour = datetime.strptime("/".join(found.group(1, 2, 3, 4)), "%Y/%m/%d/%H").replace(tzinfo=SHANGHAI)
        last = hour + timedelta(minutes=59, seconds=59)
        return instant(last, "/".join(found.group(1, 2, 3, 4)), "kuaishou_upload_hour")
    except (ValueError, OverflowError):
        return None


def _decoded(text: str) -> str:
    try:
        padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
        return base64.b64decode(padded, altchars=b"-_").decode("ascii")
    except (binascii.Error, ValueError):
        return ""
