"""Opening one article of a 公众号 in the browser, without any login: a way to an account of its own."""

import asyncio

import structlog
from playwright.async_api import Error, Page

from extractors.browser import Browser
from extractors.outcomes import OK
from extractors.plan import Plan
from extractors.platforms.listening import net_error
from extractors.platforms.look import Look, answer
from extractors.platforms.platform import Start
from extractors.platforms.replay import journalled
from extractors.platforms.wechat import WECHAT
from extractors.records import Seen, Subject, Visit
from settings import Settings

log = structlog.get_logger(__name__)


async def look_at_article(
    browser: Browser, settings: Settings, subject: Subject, plan: Plan, start: Start
) -> Visit:
    """Read the page at ``start``. Whatever happens on the way becomes the visit's outcome."""
    look = Look(WECHAT, subject, plan, start, anonymous=True)
    screenshot = None
    async with browser.page() as page:
        try:
            async with asyncio.timeout(settings.page_seconds):
                response = await page.goto(start.url, wait_until="domcontentloaded", timeout=0)
                html = (await page.content()).encode()
            status, headers = (response.status, response.headers) if response else (None, {})
            look.seen.append(answer("list", page.url, status, headers, html, "text/html"))
        except TimeoutError:
            look.failure = f"{settings.page_seconds:g} 秒内没有应答"
        except Error as error:
            look.failure = net_error(error.message)
        reading = look.reading()
        if look.seen and reading.outcome not in OK:
            screenshot = await _screenshot(page, subject)
    return journalled(look, look.visit(reading, screenshot))


async def _screenshot(page: Page, subject: Subject) -> Seen | None:
    try:
        picture = await page.screenshot(type="png", timeout=5_000)
    except Error as error:
        log.warning("no_screenshot", subject=subject.id, error=net_error(error.message))
        return None
    return answer("screenshot", page.url, None, {}, picture, "image/png")
