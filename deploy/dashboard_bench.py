"""What the dashboard costs: ``python -m deploy.dashboard_bench --subjects 10000``.

Lands an invented country, works one quarter out, writes its dashboard in a process of its own, and opens
every page in Chromium from disk: how long until it can be used, how much memory it takes.
"""

import json
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.table import Table

from deploy.bench_data import Size, generate, generate_day
from deploy.bench_warehouse import Stopwatch, folder_bytes
from extractors.browser import find_chromium
from settings import Settings

_PUBLISH = """
import sys
from settings import Settings
from warehouse import build, load, publish
settings = Settings()
load(settings), build(settings, sys.argv[1]), publish(settings, sys.argv[1])
"""
_WRITE = """
import sys
from settings import Settings
from reports.dashboard.site import write_dashboard
write_dashboard(Settings(), sys.argv[1])
"""
# From the start of the navigation until the page's own scripts have run.
_READY = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
_ROWS = "#subjects tbody tr"


def measure(data: Path, size: Size, looks: int) -> dict[str, Any]:
    """Seconds, MiB and milliseconds of one size; ``data`` that already holds a published quarter is used."""
    settings, watch = Settings(data=data), Stopwatch(data)
    if settings.published_file.exists():
        period = json.loads((data / "bench.json").read_text())
    else:
        period = generate(settings.landing, size)[-1]
        for day in range(1, looks):
            generate_day(settings.landing, size, day, share=1)
        (data / "bench.json").write_text(json.dumps(period))
        watch.run(_PUBLISH, period)
    writing = Stopwatch(data)
    seconds = writing.run(_WRITE, period)
    folder = settings.reports / period / "dashboard"
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        "write (s)": round(seconds, 1),
        "write, peak (MiB)": round(writing.peak / 1024**2),
        "files": len(files),
        "folder (MiB)": round(folder_bytes(folder) / 1024**2, 1),
        "biggest page (KiB)": max(round(path.stat().st_size / 1024) for path in files),
        **_in_chromium(settings, folder),
    }


def _in_chromium(settings: Settings, folder: Path) -> dict[str, Any]:
    """Milliseconds until each page is ready, and how long the list of subjects takes to answer."""
    found: dict[str, Any] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(find_chromium(settings)), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        one = next(iter(sorted((folder / "subjects").glob("website-*.html"))))
        for path in [*sorted(folder.glob("*.html")), one]:
            page.goto(path.as_uri())
            found[f"{path.name[:20]} (ms)"] = round(page.evaluate(_READY))
        page.goto((folder / "subjects.html").as_uri())
        found["search (ms)"] = _until(page, lambda: page.fill("#search", "合成账号777"))
        found["filter (ms)"] = _until(page, lambda: page.select_option("#verdict", "fail"))
        page.fill("#search", "")
        found["sort (ms)"] = _until(page, lambda: page.get_by_role("button", name="主办单位").click())
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
        found["list, script memory (MiB)"] = round(metrics["JSHeapUsedSize"] / 1024**2, 1)
        browser.close()
    return found


def _until(page: Page, act: Any) -> int:
    """Milliseconds from ``act`` until what it asked for is painted."""
    started = time.monotonic()
    act()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return round(1000 * (time.monotonic() - started))


def main(
    subjects: Annotated[int, typer.Option(help="对象数")] = 10_000,
    posts: Annotated[int, typer.Option(help="每次把全部对象看一遍，合计看到的发布行数")] = 200_000,
    looks: Annotated[int, typer.Option(help="一个季度里每个对象看几次")] = 20,
    data: Annotated[Path | None, typer.Option(help="数据目录，可再次使用；留空则用后即删")] = None,
) -> None:
    """测量看板：写出用时、大小、内存，以及在浏览器中多久可用。"""
    with tempfile.TemporaryDirectory(prefix="xunjian-bench-") as temporary:
        folder = (data or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        results = measure(folder, Size(subjects, posts, 1), looks)
    out = Console()
    table = Table("项目", "值", title=f"看板测量结果：{subjects:,} 个对象")
    for name, value in results.items():
        table.add_row(name, f"{value:,}")
    out.print(table)
    out.print(json.dumps(results, ensure_ascii=False), soft_wrap=True)


if __name__ == "__main__":
    typer.run(main)
