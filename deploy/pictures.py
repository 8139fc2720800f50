"""Takes the README's pictures from what the demonstration left: ``make demo``, then ``make pictures``.

The Word file is drawn by LibreOffice where the machine has it; without it that one picture stays as it is.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from errors import UserError
from extractors.browser import find_chromium
from settings import PROJECT, Settings

IMAGES = PROJECT / "docs" / "images"
DESKTOP, PHONE = (1200, 860), (390, 844)  # pixels
_BREADTH = 1000  # of a document's picture

# picture: page under data/reports, size, what to do first
_PAGES = {
    "index": ("index.html", DESKTOP),
    "dashboard": ("{period}/dashboard/index.html", DESKTOP),
    "dashboard-phone": ("{period}/dashboard/index.html", PHONE),
    "subjects": ("{period}/dashboard/subjects.html", DESKTOP),
    "coverage": ("{period}/dashboard/coverage.html", DESKTOP),
    "data-docs": ("../quality/data_docs/local_site/index.html", DESKTOP),
}


def take_pictures(settings: Settings, period: str) -> list[Path]:
    """Write the pictures into ``docs/images``; returns them. Raises :class:`UserError` before a demo."""
    if not (settings.reports / period / "circular.docx").exists():
        raise UserError(f"还没有 {period} 的通报：请先运行 make demo")
    IMAGES.mkdir(parents=True, exist_ok=True)
    taken = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(find_chromium(settings)), args=["--no-sandbox"]
        )
        for name, (page_file, (width, height)) in _PAGES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto((settings.reports / page_file.format(period=period)).resolve().as_uri())
            taken.append(_picture(page, name))
        page = browser.new_page(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
        page.goto((settings.reports / period / "dashboard" / "failed.html").resolve().as_uri())
        page.get_by_role("link", name="湛江市e警通").click()
        taken.append(_picture(page, "subject"))
        browser.close()
    return taken + _word(settings.reports / period / "circular.docx")


def _picture(page: Page, name: str) -> Path:
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    page.close()
    return path


def _word(document: Path) -> list[Path]:
    """The first page of the circular, as printed."""
    office, drawer = shutil.which("soffice"), shutil.which("pdftoppm")
    if office is None or drawer is None:
        sys.stderr.write("没有 LibreOffice 或 pdftoppm，通报的图片没有更新\n")
        return []
    with tempfile.TemporaryDirectory() as folder:
        to_pdf = [office, "--headless", "--convert-to", "pdf", "--outdir", folder, str(document)]
        subprocess.run(to_pdf, check=True, capture_output=True)
        pdf = Path(folder) / document.with_suffix(".pdf").name
        size = ["-scale-to-x", str(_BREADTH), "-scale-to-y", "-1"]
        target = IMAGES / "circular"
        subprocess.run(
            [drawer, "-png", "-singlefile", "-f", "1", "-l", "1", *size, str(pdf), str(target)], check=True
        )
    return [target.with_suffix(".png")]


if __name__ == "__main__":
    for picture in take_pictures(Settings(), sys.argv[1]):
        sys.stdout.write(f"{picture}\n")
