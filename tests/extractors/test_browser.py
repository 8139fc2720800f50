import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import playwright
import psutil
import pytest

from errors import UserError
from extractors import browser as module
from extractors.browser import Browser, find_chromium
from settings import Settings


def executable(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_the_set_chromium_is_taken_or_the_mistake_is_said(tmp_path: Path) -> None:
    own = executable(tmp_path / "own-chromium")
    assert find_chromium(Settings(chromium=own)) == own
    for wrong in (tmp_path / "absent", tmp_path):
        with pytest.raises(UserError, match="XUNJIAN_CHROMIUM"):
            find_chromium(Settings(chromium=wrong))


def test_playwrights_own_goes_before_the_systems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XUNJIAN_CHROMIUM", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    cache = tmp_path / "cache"
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(cache))
    with pytest.raises(UserError, match="playwright install chromium"):
        find_chromium(Settings())
    system = executable(tmp_path / "bin" / "chromium")
    assert find_chromium(Settings()) == system
    executable(cache / "chromium-1" / "chrome-linux" / "chrome")  # made for another Playwright
    assert find_chromium(Settings()) == system
    listed = Path(playwright.__file__).parent / "driver/package/browsers.json"
    revision = next(
        b["revision"] for b in json.loads(listed.read_text())["browsers"] if b["name"] == "chromium"
    )
    own = executable(cache / f"chromium-{revision}" / "chrome-linux" / "chrome")
    assert find_chromium(Settings()) == own


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (None, None),
        ("http://127.0.0.1:8900", {"server": "http://127.0.0.1:8900"}),
        ("http://[::1]:8900", {"server": "http://[::1]:8900"}),
        ("http://u:p@proxy:3128", {"server": "http://proxy:3128", "username": "u", "password": "p"}),
    ],
)
def test_the_proxy_as_playwright_wants_it(url: str | None, expected: object) -> None:
    assert module.proxy_of(url) == expected


def chromiums() -> set[int]:
    """The Chromiums below this process: their main processes, which alone have no --type."""
    found = set()
    for process in psutil.Process().children(recursive=True):
        try:
            line = process.cmdline()
            if "--remote-debugging-pipe" in line and not any(a.startswith("--type=") for a in line):
                found.add(process.pid)
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
    return found


@pytest.mark.browser
async def test_a_chromium_that_does_not_start_is_one_clear_line(tmp_path: Path) -> None:
    broken = executable(tmp_path / "chrome", "#!/bin/sh\necho 'ERROR: no space left' >&2\nexit 1\n")
    with pytest.raises(UserError, match=r"Chromium 无法启动.*no space left.*dev/shm") as caught:
        async with Browser(Settings(chromium=broken)):
            raise AssertionError("not reached")
    assert "\n" not in str(caught.value)


@pytest.mark.browser
async def test_contexts_are_fresh_chromium_is_renewed_and_nothing_stays_behind() -> None:
    asked: list[str] = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = (
                b"<img src=/picture.png><script src=/script.js></script>"
                + self.headers.get("Cookie", "none").encode()
            )
            self.send_response(200)
            self.send_header("Set-Cookie", "seen=1")
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None: ...

    site = HTTPServer(("127.0.0.1", 0), Site)
    Thread(target=site.serve_forever, daemon=True).start()
    main_processes = set()
    async with Browser(Settings(recycle_after=2)) as browser:
        for _ in range(3):
            async with browser.page() as page:
                await page.goto(f"http://127.0.0.1:{site.server_port}/")
                assert await page.inner_text("body") == "none", "no cookie of the look before"
                zone = await page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
                assert zone == "Asia/Shanghai"
                assert await page.evaluate("navigator.language") == "zh-CN"
            main_processes |= chromiums()
    site.shutdown()
    assert len(main_processes) == 2, "two looks, then a new Chromium"
    assert "/script.js" in asked and "/picture.png" not in asked
    assert chromiums() == set()
