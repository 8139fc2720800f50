"""A week run fast, for the replica alone: its clock is moved, and every row carries ``simulated``."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from random import Random

import httpx

from errors import UserError
from settings import Settings, is_loopback

WEEK = timedelta(days=7)
WEEK_ROUNDS = 7 * 21
# Nobody waits 15 seconds for each answer that will not come: in a simulated week this stands for them.
SIMULATED_LIMIT_SECONDS = 3.0
# Answered by the replica's proxy alone: no network knows the top-level name "invalid" (RFC 2606).
_CLOCK = "http://clock.replica.invalid/"


def moments(point: datetime, seed: str) -> Iterator[datetime]:
    """:data:`WEEK_ROUNDS` moments of the week before ``point``: evenly spread, each shifted in its slot."""
    step = WEEK / WEEK_ROUNDS
    shift = Random(seed)  # noqa: S311 — spread, not secrecy
    for number in range(WEEK_ROUNDS):
        yield point - WEEK + step * (number + shift.uniform(0.1, 0.9))


@asynccontextmanager
async def replica_clock(settings: Settings) -> AsyncIterator[Callable[[datetime], Awaitable[None]]]:
    """Gives a function that sets the replica's clock; on leaving, it shows the scenario's own time again.

    Raises :class:`errors.UserError` where the proxy is not on loopback, or is not the replica's: simulated
    moments must never be written down for visits to real sites.
    """
    refused = "模拟一周只用于复制环境：请先 xunjian replica serve，并把 XUNJIAN_PROXY 设为它的回环地址"
    if not settings.proxy or not is_loopback(settings.proxy):
        raise UserError(refused)
    async with httpx.AsyncClient(proxy=settings.proxy, trust_env=False, timeout=10) as client:

        async def ask(method: str, content: str) -> None:
            try:
                answer = await client.request(method, _CLOCK, content=content)
            except httpx.HTTPError:
                raise UserError(refused) from None
            if answer.status_code != 204:
                raise UserError(refused)

        async def set_clock(moment: datetime) -> None:
            await ask("PUT", moment.isoformat())

        await ask("DELETE", "")
        try:
            yield set_clock
        finally:
            await ask("DELETE", "")
