"""A visit by HTTP client: light enough for every site many times a day. What fails is not believed yet."""

import asyncio
from time import monotonic

import httpx

from extractors import EXTRACTOR_VERSION
from extractors.platforms.platform import without_secrets
from extractors.probes.answer import Answer
from extractors.probes.verdict import ProbeOutcome, judge_page
from extractors.urls import check_resolves_publicly, check_url
from extractors.websites.pages import HtmlPage, decode
from settings import Settings

_REDIRECTS = 10
# A page that is longer has opened; the rest of it says nothing more.
_MOST_BYTES = 8 * 2**20
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", ""})
_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
}


def http_client(settings: Settings, purpose: str = "availability probe") -> httpx.AsyncClient:
    """A client that goes through the set proxy and no other, and leaves the clock to :func:`visit`."""
    agent = f"Mozilla/5.0 (compatible; Xunjian/{EXTRACTOR_VERSION}; {purpose})"
    return httpx.AsyncClient(
        proxy=settings.proxy,
        verify=settings.tls_verify,
        trust_env=False,
        timeout=None,  # noqa: S113 — the whole visit has one limit
        headers=_HEADERS | {"User-Agent": agent},
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=None),
    )


async def visit(client: httpx.AsyncClient, url: str, limit_seconds: float, *, proxied: bool) -> Answer:
    """Open ``url`` once; a page that is not whole within ``limit_seconds`` has not opened. Never raises for
    what a site does. ``proxied``: whether a proxy looks names up."""
    began = monotonic()

    def took() -> int:
        return round((monotonic() - began) * 1000)

    try:
        async with asyncio.timeout(limit_seconds):
            response, body = await _open(client, url, proxied)
    except TimeoutError:
        return Answer(ProbeOutcome.SLOW, f"{limit_seconds:g} 秒内没有打开", elapsed_ms=took())
    except _NotAllowed as error:
        return Answer(ProbeOutcome.UNPROVEN, str(error), elapsed_ms=took())
    except httpx.TooManyRedirects:
        return Answer(ProbeOutcome.ERROR_PAGE, "跳转次数过多", elapsed_ms=took())
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        return Answer(ProbeOutcome.UNREACHABLE, f"连接失败：{_in_short(error)}", elapsed_ms=took())
    content_type = response.headers.get("content-type", "")
    final_url = without_secrets(str(response.url))
    if response.status_code < 400 and content_type.partition(";")[0].strip().lower() not in _PAGE_TYPES:
        outcome, detail = ProbeOutcome.OPENED, f"不是网页：{content_type[:60]}"
    else:
        page = HtmlPage(str(response.url), decode(body, content_type))
        outcome, detail = judge_page(response.status_code, page)
    return Answer(outcome, detail, response.status_code, took(), final_url, body, content_type)


class _NotAllowed(Exception):
    """The address, or one it leads to, is not to be opened at all."""


async def _open(client: httpx.AsyncClient, url: str, proxied: bool) -> tuple[httpx.Response, bytes]:
    """Follow redirects by hand: each address is checked before it is asked."""
    request = client.build_request("GET", url)
    for _ in range(_REDIRECTS + 1):
        try:
            check_url(str(request.url))
            if not proxied:
                await check_resolves_publicly(str(request.url))
        except ValueError as error:
            raise _NotAllowed(str(error)) from error
        response = await client.send(request, stream=True, follow_redirects=False)
        try:
            if response.next_request is None:
                return response, await _body(response)
        finally:
            await response.aclose()
        request = response.next_request
    raise httpx.TooManyRedirects("redirects without end", request=request)


async def _body(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _MOST_BYTES:
            break
    return bytes(body)


def _in_short(error: Exception) -> str:
    said = " ".join(str(error).split())[:120]
    return f"{type(error).__name__}（{said}）" if said else type(error).__name__
