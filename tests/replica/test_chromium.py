"""What a real browser meets: pages that ask for their own lists, and page where they themselves scroll."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Browser, Response, async_playwright

from replica.server import RunningReplica, running_replica
from replica.sessions import write_sessions
from replica.timelines import posts_of

pytestmark = pytest.mark.browser
SCROLL_GRID = "document.querySelector('.route-scroll-container').scrollTop = 1e6"
SCROLL_WINDOW = "window.scrollTo(0, document.documentElement.scrollHeight)"


@pytest.fixture(scope="module")
def replica() -> Iterator[RunningReplica]:
    with running_replica() as running:
        yield running


@pytest.fixture
async def browser(replica: RunningReplica) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        yield await playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox"],
            proxy={"server": replica.proxy_url},
        )


async def test_douyin_pages_by_its_own_grid_and_not_by_the_window(
    replica: RunningReplica, browser: Browser, tmp_path: Path
) -> None:
    write_sessions(tmp_path)
    subject = replica.scenario.find("赤坎市场监管（合成）")[0]
    works = posts_of(replica.scenario, subject)
    context = await browser.new_context(ignore_https_errors=True, storage_state=tmp_path / "douyin.json")
    page = await context.new_page()
    cursors: list[str] = []

    def note(response: Response) -> None:
        if "/aweme/v1/web/aweme/post/" in response.url:
            cursors.append(parse_qs(urlsplit(response.url).query)["max_cursor"][0])

    page.on("response", note)
    items = page.locator('ul[data-e2e="scroll-list"] > li')
    await page.goto(f"https://www.douyin.com/user/{subject.uid}")
    await items.first.wait_for()
    pinned = sum(post.pinned for post in works)
    assert await items.count() == 18 + pinned

    await page.evaluate(SCROLL_WINDOW)
    await page.wait_for_timeout(500)
    assert cursors == ["0"]

    while await items.count() < len(works):
        async with page.expect_response("**/aweme/v1/web/aweme/post/**"):
            await page.evaluate(SCROLL_GRID)
        await page.wait_for_timeout(100)
    assert await page.locator(".tail").text_content() == "暂时没有更多了"
    assert len(cursors) == 4  # 60 works and the pinned ones, 18 a page
    assert all(len(cursor) == 13 for cursor in cursors[1:])  # milliseconds


async def test_weibo_lets_a_visitor_in_and_shows_less(replica: RunningReplica, browser: Browser) -> None:
    subject = replica.scenario.find("遂溪公安（合成）")[0]
    context = await browser.new_context(ignore_https_errors=True)
    page = await context.new_page()
    async with page.expect_response("**/ajax/statuses/mymblog**") as waiting:
        await page.goto(f"https://weibo.com/u/{subject.uid}")
    body = await (await waiting.value).json()
    cookies = {cookie["name"]: cookie["value"] for cookie in await context.cookies("https://weibo.com")}
    assert cookies["SUB"].startswith("_2AkM")
    assert page.url == f"https://weibo.com/u/{subject.uid}"
    assert 0 < len(body["data"]["list"]) < 20
