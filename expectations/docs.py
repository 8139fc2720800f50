"""Data Docs that open from a folder, with no network.

The library's own pages fetch their styles, icons and scripts from public hosts, and its index page is
drawn by such a script: behind a closed network it stays empty. So its pages are rendered by its own
renderers through ``templates/page.j2``, which carries its style in itself, and the index is ours.
"""

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import great_expectations as gx
from great_expectations.data_context import AbstractDataContext
from great_expectations.data_context.types.base import DataContextConfig, ProgressBarsConfig
from great_expectations.render.view import DefaultJinjaPageView
from jinja2 import ChoiceLoader, Environment, FileSystemLoader

from expectations.chinese import in_chinese
from extractors.files import write_whole
from extractors.periods import SHANGHAI

_TEMPLATES = FileSystemLoader(Path(__file__).parent / "templates")


class OfflinePageView(DefaultJinjaPageView):
    """The library's page view, with our templates before its own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        assert self.env.loader is not None
        self.env.loader = ChoiceLoader([_TEMPLATES, self.env.loader])

    def render(self, document: Any, template: str | None = None, **options: Any) -> str:
        self._validate_document(document)
        page = self._get_template(template or self._template)
        return str(page.render(in_chinese(document.to_json_dict()), **options))


def site_directory(quality: Path) -> Path:
    return quality / "data_docs" / "local_site"


def open_context(quality: Path) -> AbstractDataContext:
    """A context whose suites and results live in memory and whose Data Docs go under ``quality``."""
    view = {"view": {"module_name": "expectations.docs", "class_name": "OfflinePageView"}}
    table = {"module_name": "expectations.chinese", "class_name": "ChineseTable"}
    renderer = {
        "class_name": "ValidationResultsPageRenderer",
        "column_section_renderer": {
            "class_name": "ValidationResultsColumnSectionRenderer",
            "table_renderer": table,
        },
    }
    config = DataContextConfig(
        config_version=4.0,
        expectations_store_name="suites",
        validation_results_store_name="results",
        checkpoint_store_name="checkpoints",
        stores={
            "suites": {"class_name": "ExpectationsStore"},
            "results": {"class_name": "ValidationResultsStore"},
            "checkpoints": {"class_name": "CheckpointStore"},
            "validation_definition_store": {"class_name": "ValidationDefinitionStore"},
        },
        data_docs_sites={
            "local_site": {
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "store_backend": {
                    "class_name": "TupleFilesystemStoreBackend",
                    "base_directory": str(site_directory(quality)),
                },
                "site_section_builders": {"expectations": view, "validations": view | {"renderer": renderer}},
            }
        },
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    return gx.get_context(project_config=config)


def build_pages(context: AbstractDataContext, quality: Path, run_name: str) -> dict[str, str]:
    """Render the context's results in place of the earlier ones of ``run_name``; the page of each suite."""
    site = site_directory(quality)
    for earlier in site.glob(f"validations/**/{run_name}"):
        shutil.rmtree(earlier)
    context.build_data_docs(build_index=False)
    return {
        ".".join(page.relative_to(site).parts[1:-3]): page.relative_to(site).as_posix()
        for page in site.glob(f"validations/**/{run_name}/*/*.html")
    }


def write_index(quality: Path) -> Path:
    """The site's first page: every border and period with what failed, newest first."""
    runs = [json.loads(file.read_text(encoding="utf-8")) for file in quality.glob("*-20??Q?.json")]
    for run in runs:
        checked_at = datetime.fromisoformat(run["checked_at"]).astimezone(SHANGHAI)
        run["checked_at"] = f"{checked_at:%Y-%m-%d %H:%M:%S}（北京时间）"
    runs.sort(key=lambda run: str(run["checked_at"]), reverse=True)
    page = Environment(loader=_TEMPLATES, autoescape=True).get_template("index.html.j2").render(runs=runs)
    index = site_directory(quality) / "index.html"
    write_whole(index, page.encode())
    return index
