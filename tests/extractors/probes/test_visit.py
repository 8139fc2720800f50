"""One visit by HTTP client: what counts as opened, what as failed, and what proves neither."""

from collections.abc import Iterator

import pytest
from probe_web import ProbeWeb, probe_web

from extractors.probes.answer import Answer
from extractors.probes.http import http_client, visit
from extractors.probes.verdict import LIMIT_SECONDS, ProbeOutcome
from settings import Settings


@pytest.fixture
def web() -> Iterator[ProbeWeb]:
    with probe_web() as web:
        yield web


async def look(web: ProbeWeb, kind: str, limit: float = 5.0) -> Answer:
    async with http_client(Settings(proxy=web.proxy)) as client:
        return await visit(client, f"http://{kind}.example.gov.cn/", limit, proxied=True)


def test_the_clause_says_fifteen_seconds() -> None:
    assert LIMIT_SECONDS == 15


@pytest.mark.parametrize(
    ("kind", "outcome", "detail"),
    [
        ("fine", "opened", ""),
        ("picture", "opened", "不是网页：application/pdf"),
        ("moved", "opened", ""),
        ("503", "error_page", "HTTP 503"),
        ("404", "error_page", "HTTP 404"),
        ("loops", "error_page", "跳转次数过多"),
        ("reset", "unreachable", "连接失败"),
        ("403", "unproven", "HTTP 403"),
        ("429", "unproven", "HTTP 429"),
        ("waf", "unproven", "防火墙拦截页"),
        ("jsl", "unproven", "HTTP 521，未通过脚本验证"),
        ("inward", "unproven", "网址指向本机或内网"),
    ],
)
async def test_outcomes(web: ProbeWeb, kind: str, outcome: str, detail: str) -> None:
    answer = await look(web, kind)
    assert (answer.outcome, answer.detail[: len(detail)]) == (outcome, detail)
    assert answer.outcome.opened is {"opened": True, "unproven": None}.get(outcome, False)


async def test_a_site_that_has_moved_opens_where_it_is_now(web: ProbeWeb) -> None:
    assert (await look(web, "moved")).final_url == "http://fine.example.gov.cn/"


@pytest.mark.parametrize("kind", ["hangs", "trickles"])
async def test_a_page_that_is_not_whole_in_time_has_not_opened(web: ProbeWeb, kind: str) -> None:
    answer = await look(web, kind, limit=0.3)
    assert answer.outcome is ProbeOutcome.SLOW
    assert answer.elapsed_ms is not None and answer.elapsed_ms >= 300


async def test_the_time_taken_is_that_of_the_whole_page(web: ProbeWeb) -> None:
    answer = await look(web, "lazy")
    assert answer.outcome is ProbeOutcome.OPENED
    assert answer.elapsed_ms is not None and 100 <= answer.elapsed_ms < 3000


async def test_addresses_inside_are_not_asked(web: ProbeWeb) -> None:
    async with http_client(Settings(proxy=web.proxy)) as client:
        answer = await visit(client, "http://10.0.0.1/", 1.0, proxied=True)
    assert (answer.outcome, dict(web.asked)) == (ProbeOutcome.UNPROVEN, {})
