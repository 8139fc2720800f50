"""Writes the dashboard's folder: rendered beside the old one, then put in its place."""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import Image

from extractors.evidence import EvidenceDamaged
from extractors.evidence import read as read_evidence
from extractors.periods import parse_period
from reports import wording
from reports.dashboard import charts
from reports.dashboard.timeline import HEIGHT, WIDTH, timeline
from reports.dashboard.view import Row, View, each_subject, read_view
from reports.published import Published, open_published
from settings import Settings

_HERE = Path(__file__).parent
_ASSETS = ("dashboard.css", "dashboard.js", "subjects-list.js")
_THUMBNAIL = (480, 720)  # pixels at most
_VERDICTS = {"pass": "合格", "fail": "不合格", "undetermined": "未能判定"}
_STATUSES = {"pass": "通过", "fail": "不通过", "undetermined": "未能判定", "not_applicable": "不适用"}

# file, template, title: the pages in the order of the menu.
_PAGES = (
    ("index.html", "概览"),
    ("trend.html", "历季走势"),
    ("breakdowns.html", "分类合格率"),
    ("subjects.html", "全部对象"),
    ("failed.html", "不合格"),
    ("open.html", "未能判定"),
    ("warnings.html", "临期预警"),
    ("suspicions.html", "线索与复核"),
    ("coverage.html", "采集覆盖"),
    ("reconciliation.html", "通报核对"),
)

Progress = Callable[[int, int], None]


def write_dashboard(settings: Settings, period: str, progress: Progress = lambda _done, _all: None) -> Path:
    """Write the dashboard of ``period`` under ``data/reports/<period>/dashboard/``; returns its index page.

    Raises :class:`UserError` where nothing is published or the period is not in it; ``ValueError`` where
    ``period`` is not a quarter.
    """
    quarter = parse_period(period)
    folder = settings.reports / str(quarter) / "dashboard"
    fresh = folder.with_name(".dashboard.new")
    with open_published(settings) as published:
        view = read_view(published, quarter)
        environment = _environment(view)
        shutil.rmtree(fresh, ignore_errors=True)
        _write_lists(environment, view, fresh)
        _write_subjects(environment, published, view, settings.evidence, fresh, progress)
    _replace(folder, fresh)
    return folder / "index.html"


def _write_lists(environment: Environment, view: View, folder: Path) -> None:
    """The pages of the menu, and what they load."""
    folder.mkdir(parents=True)
    for asset in _ASSETS:
        shutil.copyfile(_HERE / "assets" / asset, folder / asset)
    (folder / "subjects.js").write_text(_subjects_script(view), encoding="utf-8")
    for file, title in _PAGES:
        page = environment.get_template(f"{file}.j2").render(
            title=title, here=file, root="", **_content(file, view)
        )
        (folder / file).write_text(page, encoding="utf-8")


def _environment(view: View) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        view=view,
        summary=view.summary,
        pages=_PAGES,
        wording=wording,
        verdicts=_VERDICTS,
        statuses=_STATUSES,
        strip=(WIDTH, HEIGHT),
    )
    return environment


def _content(file: str, view: View) -> dict[str, Any]:
    """What one page shows beside the view: its charts."""
    if file == "index.html":
        return {
            "platforms": charts.stacked_verdicts(
                view.rates_of("platform", "account"), "各平台账号的检查结果"
            ),
            "classes": charts.stacked_verdicts(view.rates_of("site_class", "website"), "各类网站的检查结果"),
        }
    if file == "trend.html":
        return {"trend": charts.rate_trend(view.rates)}
    return {}


def _subjects_script(view: View) -> str:
    """The list of subjects as a script: a page opened from disk may load a script but not fetch a file."""
    rows = [
        [
            s["name"],
            s["organiser"],
            s["group"],
            s["district"],
            s["verdict"],
            s["last_update"] or "",
            s["page"],
        ]
        for s in view.subjects
    ]
    content = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return (
        f"window.SUBJECTS = {content};\n".replace("<", "\\u003c").replace("\u2028", "").replace("\u2029", "")
    )


def _write_subjects(
    environment: Environment,
    published: Published,
    view: View,
    evidence: Path,
    folder: Path,
    progress: Progress,
) -> None:
    (folder / "subjects").mkdir()
    (folder / "thumbnails").mkdir()
    template = environment.get_template("subject.html.j2")
    for done, (subject, rows) in enumerate(each_subject(published, view), start=1):
        page = template.render(
            title=subject["name"],
            here="subjects.html",
            root="../",
            subject=subject,
            rows=rows,
            strip_of=timeline(rows["publications"], view.points),
            thumbnails=_thumbnails(rows["screenshots"], evidence, folder),
        )
        (folder / subject["page"]).write_text(page, encoding="utf-8")
        progress(done, len(view.subjects))


def _thumbnails(screenshots: list[Row], evidence: Path, folder: Path) -> list[Row]:
    """Small copies of the newest screenshots. One that is lost or damaged is said so, not left out."""
    shown = []
    for row in screenshots[:4]:
        file = f"thumbnails/{row['sha256']}.webp"
        try:
            if not (folder / file).exists():
                (folder / file).write_bytes(_small(read_evidence(evidence, row["sha256"])))
            shown.append(row | {"file": file, "fault": ""})
        except (OSError, EvidenceDamaged) as error:
            shown.append(row | {"file": "", "fault": str(error)})
    return shown


def _small(picture: bytes) -> bytes:
    with Image.open(io.BytesIO(picture)) as image:
        image.thumbnail(_THUMBNAIL)
        content = io.BytesIO()
        image.convert("RGB").save(content, "WEBP", quality=70)
    return content.getvalue()


def _replace(folder: Path, fresh: Path) -> None:
    """Put ``fresh`` where ``folder`` is. A crash between the two renames leaves the old one beside it."""
    old = folder.with_name(".dashboard.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
