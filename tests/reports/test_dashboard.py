"""The dashboard as its readers meet it: opened from disk in a real browser, without a network."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import HOSTILE
from playwright.sync_api import BrowserContext, Page, sync_playwright
from selectolax.lexbor import LexborHTMLParser

from extractors.browser import find_chromium
from reports.dashboard.site import write_dashboard
from reports.dashboard.timeline import timeline
from reports.dashboard.view import page_of
from reports.published import read_summary
from settings import Settings

PAGES = (
    "index.html", "trend.html", "breakdowns.html", "subjects.html", "failed.html", "open.html",
    "warnings.html", "suspicions.html", "coverage.html", "reconciliation.html",
)  # fmt: skip
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="session")
def folder(published_city: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dashboard alone, away from the data it was made from."""
    index = write_dashboard(published_city, "2021Q1")
    return Path(shutil.copytree(index.parent, tmp_path_factory.mktemp("elsewhere") / "看板"))


def text(path: Path) -> str:
    body = LexborHTMLParser(path.read_text("utf-8")).body
    assert body is not None
    return re.sub(r"\s+", "", body.text())


def test_the_overview_shows_the_published_rates(folder: Path, published_city: Settings) -> None:
    words = text(folder / "index.html")
    summary = read_summary(published_city, "2021Q1")
    for kind in ("website", "account"):
        total = summary.total(kind)
        assert total is not None
        assert f"{total.text}{total.passed}/{total.checked}登记{total.registered}" in words
        assert total.proviso in words
    assert "暂定：另有1个账号未能判定" in words


def test_each_list_names_whom_it_is_about(folder: Path) -> None:
    assert "合成超期" in text(folder / "failed.html") and "合成受阻" not in text(folder / "failed.html")
    assert "合成受阻" in text(folder / "open.html") and "出现验证码" in text(folder / "open.html")
    assert "合成临期" in text(folder / "warnings.html")
    assert "出现验证码" in text(folder / "coverage.html")
    assert "不一致" in text(folder / "reconciliation.html")


def test_who_was_looked_at_twice_is_listed_once(folder: Path) -> None:
    assert text(folder / "open.html").count("合成受阻") == 1
    assert (folder / "subjects.js").read_text("utf-8").count("合成受阻") == 1
    coverage = LexborHTMLParser((folder / "coverage.html").read_text("utf-8"))
    (blocked,) = [row for row in coverage.css("tr") if "出现验证码" in row.text()]
    assert blocked.css("td")[-1].text() == "1"


def test_a_subjects_page_shows_clause_measure_and_bytes(folder: Path) -> None:
    page = folder / page_of("account", "douyin:10002")
    words = text(page)
    assert "最近一次发布" in words and "监测时间点前2周内无更新" in words
    assert "前14天内看到0次发布" in words  # its one post stands exactly on the open end of the window
    assert len(re.findall(r"[0-9a-f]{64}", words)) >= 2
    assert len(list((folder / "thumbnails").glob("*.webp"))) == 1 and "thumbnails/" in page.read_text("utf-8")


def test_a_link_is_only_ever_http(folder: Path) -> None:
    assert "javascript:" not in (folder / page_of("website", "4408000001")).read_text("utf-8").replace(
        "<dd>javascript:", ""
    )


def test_writing_again_replaces_the_folder_and_leaves_nothing_else(own_published_city: Settings) -> None:
    index = write_dashboard(own_published_city, "2021Q1")
    (index.parent / "subjects" / "stale.html").write_text("旧", "utf-8")
    write_dashboard(own_published_city, "2021Q1")
    assert not (index.parent / "subjects" / "stale.html").exists()
    assert [path.name for path in index.parent.parent.iterdir()] == ["dashboard"]


def test_a_lost_screenshot_is_said_and_not_left_out(own_published_city: Settings) -> None:
    for picture in own_published_city.evidence.rglob("*.png"):
        picture.unlink()
    index = write_dashboard(own_published_city, "2021Q1")
    assert "证据库中没有" in text(index.parent / page_of("account", "douyin:10002"))


def test_the_strip_counts_the_half_open_window() -> None:
    point = 1_617_206_399.0
    days = 86_400.0
    rows = [
        {"instant": point + offset, "title": "", "is_pinned": False, "is_repost": False}
        for offset in (-40 * days, -14 * days, -14 * days + 1, 0.0, 1.0)
    ]
    strip = timeline(rows, [{"instant": point}])
    assert [window.count for window in strip.windows] == [2]
    assert [gap.days for gap in strip.gaps] == [26, 13]
    assert strip.dots[0].x < strip.windows[0].x == strip.dots[1].x < strip.dots[-1].x


@pytest.fixture(scope="session")
def chromium() -> Iterator[dict[str, BrowserContext]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(find_chromium(Settings())), args=["--no-sandbox"]
        )
        yield {
            name: browser.new_context(viewport={"width": width, "height": height}, offline=True)
            for name, (width, height) in SIZES.items()
        }
        browser.close()


def opened(context: BrowserContext, path: Path) -> tuple[Page, list[str]]:
    """The page, and everything that went wrong or outside while it loaded."""
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda request: None if request.url.startswith(("file:", "data:")) else faults.append(request.url),
    )
    page.goto(path.as_uri())
    return page, faults


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_every_page_opens_offline_fits_and_is_accessible(
    folder: Path, chromium: dict[str, BrowserContext], size: str
) -> None:
    files = [*PAGES, *(page_of("account", f"{uid}") for uid in ("douyin:10002", "weibo:10004"))]
    for file in files:
        page, faults = opened(chromium[size], folder / file)
        assert faults == [], file
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{file} 超出屏幕宽度"
        violations = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == [], file
        assert page.evaluate("window.caught") is None, f"{file} 执行了标题里的脚本"
        page.close()


@pytest.mark.browser
def test_search_filter_sort_and_keyboard(folder: Path, chromium: dict[str, BrowserContext]) -> None:
    page, _ = opened(chromium["desktop"], folder / "subjects.html")
    rows = page.locator("#subjects tbody tr")
    assert rows.count() == 32 and "共 32 个" in page.inner_text("#count")
    page.fill("#search", "合成公安局")
    assert rows.all_inner_texts()[0].startswith("合成超期") and rows.count() == 1
    page.fill("#search", "")
    page.select_option("#verdict", "undetermined")
    assert [text.split("\t")[0] for text in rows.all_inner_texts()] == ["合成受阻"]
    page.select_option("#verdict", "")
    page.fill("#search", "img src")
    assert rows.first.locator("a").inner_text() == HOSTILE
    assert page.evaluate("window.caught") is None
    page.fill("#search", "按时")
    page.get_by_role("button", name="名称").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert rows.first.locator("a").inner_text() == "合成按时25"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "主办单位"
    rows.first.locator("a").click()
    assert page.locator("h1").inner_text() == "合成按时25"
    page.close()


@pytest.mark.browser
def test_a_long_table_comes_in_pieces_with_a_search_of_its_own(
    folder: Path, chromium: dict[str, BrowserContext], tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path / "看板")
    long = tmp_path / "看板" / "failed.html"
    rows = "".join(f"<tr><td>对象{n}</td><td>甲局</td><td>微博</td><td>问题</td></tr>" for n in range(250))
    html = re.sub(r"(?s)(<tbody>).*(</tbody>)", rf"\1{rows}\2", long.read_text("utf-8"))
    long.write_text(html, "utf-8")
    page, faults = opened(chromium["phone"], long)
    shown = page.locator("table.records tbody tr")
    pager = page.get_by_role("status")
    assert (shown.count(), pager.inner_text()) == (100, "共 250 行，第 1 / 3 页")
    page.get_by_role("button", name="下一页").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert (shown.count(), page.get_by_role("button", name="下一页").is_disabled()) == (50, True)
    page.get_by_role("searchbox", name="在“不合格名单”中查找").fill("对象249")
    assert shown.all_inner_texts()[0].startswith("对象249") and shown.count() == 1
    # On a phone a row is a card: its cells say which column they are of.
    label = "getComputedStyle(document.querySelectorAll('tbody td')[1], '::before').content"
    assert page.evaluate(label) == '"主办单位"'
    assert faults == []  # before axe: it reads the style sheet in a way that the console complains of
    assert [v["id"] for v in Axe().run(page).response["violations"]] == []
    page.close()
