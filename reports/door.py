"""One door: a page that leads to everything an office reads, written into ``data/reports/index.html``.

Its links are relative, so it works from a folder, from a share, and behind Airflow's login alike.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from extractors.files import write_whole
from extractors.periods import SHANGHAI, parse_period
from settings import Settings

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# file under a period's folder, what it is, for whom
_OF_A_PERIOD = (
    ("dashboard/index.html", "看板", "合格率、名单、预警、每个对象一页"),
    ("circular.docx", "通报（Word）", "可直接编辑、签发"),
    ("circular.html", "通报（网页）", "只读"),
    ("annexes.xlsx", "附件（Excel）", "附件1 网站、附件2 新媒体"),
    ("findings_by_organiser.xlsx", "问题清单（Excel）", "每个主办单位一张表"),
)
_OF_THE_DATA = (
    ("quality/data_docs/local_site/index.html", "数据检验", "入库前、发布前两道检验的结果"),
    ("docs/dbt/index.html", "数据模型说明", "每张表、每一列的含义与来源"),
    ("published/compliance.duckdb", "数据文件（DuckDB）", "只读，供分析人员查询"),
    ("published/manifest.json", "发布清单", "数据文件的哈希、各季度合格率"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """Where one thing is, seen from the page; ``changed`` is in the time of Asia/Shanghai."""

    href: str
    name: str
    about: str
    changed: datetime


def write_door(settings: Settings) -> Path:
    """Write the index page of all that is there now; returns it."""
    page = settings.reports / "index.html"
    periods = sorted(
        (folder.name for folder in settings.reports.glob("20[0-9][0-9]Q[1-4]") if folder.is_dir()),
        reverse=True,
    )
    content = _TEMPLATES.get_template("door.html.j2").render(
        periods=[
            (parse_period(period).zh, _links(settings.reports / period, _OF_A_PERIOD, f"{period}/"))
            for period in periods
        ],
        data=_links(settings.root, _OF_THE_DATA, "../"),
    )
    write_whole(page, content.encode())
    return page


def _links(folder: Path, files: tuple[tuple[str, str, str], ...], prefix: str) -> list[Link]:
    return [
        Link(prefix + file, name, about, datetime.fromtimestamp((folder / file).stat().st_mtime, SHANGHAI))
        for file, name, about in files
        if (folder / file).exists()
    ]
