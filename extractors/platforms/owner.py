"""The official API of a 公众号, with the key its owner gave: publications by day, and the account's own menu.

The secret travels in the body of one request, the token it buys in the addresses of the others: neither is
logged or kept. What is kept of an address has its token blanked (:func:`look.answer`), and so has a body.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx

from extractors.owners import OwnerKey
from extractors.periods import SHANGHAI
from extractors.plan import Plan
from extractors.platforms import wechat_menu, wechat_owner
from extractors.platforms.look import Look, answer
from extractors.platforms.platform import without_secrets
from extractors.platforms.replay import journalled, menu_journalled
from extractors.platforms.wechat import WECHAT
from extractors.probes.http import http_client, visit
from extractors.records import Seen, Subject, Visit
from extractors.websites.turns import host_turn
from settings import Settings

_BASE = f"https://{wechat_owner.HOST}"
# It would write every address down, token included.
logging.getLogger("httpx").setLevel(logging.WARNING)


class OwnerApi:
    """One account's API, for one look."""

    def __init__(self, client: httpx.AsyncClient, settings: Settings, key: OwnerKey) -> None:
        self._client = client
        self._settings = settings
        self._key = key
        self._token = ""
        self._date = datetime.now(UTC)

    @property
    def yesterday(self) -> date:
        """The last day that figures exist of, by the API's own clock (Asia/Shanghai)."""
        return self._date.astimezone(SHANGHAI).date() - timedelta(days=1)

    async def enter(self, role: str) -> Seen | None:
        """Buy a token. ``None`` where it was sold; else the refusal, as evidence in ``role``."""
        secret = self._key.secret.get_secret_value()
        wanted = {"grant_type": "client_credential", "appid": self._key.appid, "secret": secret}
        response = await self._send("POST", "/cgi-bin/stable_token", wanted)
        seen = self._seen(role, response)
        self._date = seen.server_date or self._date
        try:
            token = response.json()["access_token"]
        except (ValueError, KeyError, TypeError):
            return seen
        if not isinstance(token, str) or not token:
            return seen
        self._token = token
        return None

    async def menu(self) -> Seen:
        return self._seen("menu", await self._send("GET", "/cgi-bin/get_current_selfmenu_info"))

    async def articles(self, day: date, role: str) -> Seen:
        """What was published on ``day``. One day a call: how many it takes at once is not documented."""
        wanted = {"begin_date": day.isoformat(), "end_date": day.isoformat()}
        return self._seen(role, await self._send("POST", "/datacube/getarticletotaldetail", wanted))

    async def pause(self) -> None:
        await asyncio.sleep(self._settings.pace_seconds / 8 * random.uniform(0.5, 1.5))  # noqa: S311

    async def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        query = {"access_token": self._token} if self._token else None
        async with asyncio.timeout(self._settings.page_seconds):
            return await self._client.request(method, f"{_BASE}{path}", params=query, json=body)

    def _seen(self, role: str, response: httpx.Response) -> Seen:
        body = response.content
        for secret in (self._key.secret.get_secret_value(), self._token):
            body = body.replace(secret.encode(), b"-") if secret else body
        return answer(role, str(response.url), response.status_code, dict(response.headers), body)


@asynccontextmanager
async def owner_api(settings: Settings, key: OwnerKey) -> AsyncIterator[OwnerApi]:
    """The API with its connection; closed at the end."""
    async with http_client(settings, "owner API") as client:
        yield OwnerApi(client, settings, key)


async def look_by_owner(settings: Settings, key: OwnerKey, subject: Subject, plan: Plan) -> Visit:
    """Ask day by day, newest first, until every window has something published in it, or is asked through."""
    look = Look(WECHAT, subject, plan, wechat_owner.START, anonymous=False)
    try:
        async with owner_api(settings, key) as api:
            if (refused := await api.enter("list")) is not None:
                look.seen.append(refused)
            else:
                await _ask_through(api, look)
    except (TimeoutError, httpx.HTTPError) as error:
        look.failure = failure_of(settings, error)
    return journalled(look, look.visit(look.reading(), None))


async def _ask_through(api: OwnerApi, look: Look) -> None:
    for day in wechat_owner.days_to_ask(look.plan.monitoring_points, api.yesterday):
        if not any(wechat_owner.is_in_window(day, point) for point in look.unmet(look.reading())):
            continue
        if look.seen:
            await api.pause()
        look.seen.append(await api.articles(day, "list"))
        if wechat_owner.list_page(look.seen[-1], look.subject.uid).state is not None:
            return  # whoever is refused one day is refused the next


async def look_at_menu(
    settings: Settings, key: OwnerKey, subject: Subject, plan: Plan, published: Sequence[date]
) -> Visit:
    """Read the account's menu and try its entries.

    ``published``: days on which it is known to have published, newest first: one shows whose API it is.
    """
    seen: list[Seen] = []
    failure = ""
    try:
        async with owner_api(settings, key) as api:
            if (refused := await api.enter("menu")) is not None:
                seen.append(refused)
            else:
                seen.append(await api.menu())
                if (day := next((one for one in published if one <= api.yesterday), None)) is not None:
                    await api.pause()
                    seen.append(await api.articles(day, "profile"))
                seen += [await _entry(settings, url) for url in wechat_menu.read_menu(seen[0]).to_try]
    except (TimeoutError, httpx.HTTPError) as error:
        failure = failure_of(settings, error)
    return menu_journalled(subject, plan, seen, failure, wechat_menu.look(subject, seen, failure))


async def _entry(settings: Settings, url: str) -> Seen:
    """The page behind an entry of the menu, opened as anybody could."""
    async with host_turn(settings) as turn, http_client(settings, "menu entry") as client:
        await turn.take(url)
        got = await visit(client, url, settings.page_seconds, proxied=settings.proxy is not None)
    return Seen("entry", without_secrets(url), got.status, got.media_type or "text/plain", got.body)


def failure_of(settings: Settings, error: Exception) -> str:
    """What went wrong with the connection, for a person."""
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return f"{settings.page_seconds:g} 秒内没有应答"
    return f"公众号接口连接失败：{type(error).__name__}"  # its text may hold an address with a token
