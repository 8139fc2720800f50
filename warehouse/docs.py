"""What analysts read: dbt's own pages as one file, and the data dictionary, both made from the project."""

import json
import re
from pathlib import Path
from typing import Any

from errors import UserError
from settings import PROJECT, Settings
from warehouse.build import run_dbt
from warehouse.lock import warehouse_lock

DICTIONARY = PROJECT / "docs" / "data-dictionary.md"

_HEAD = """# 数据字典

由 dbt 项目生成，请勿手改；描述在 `dbt_project/models/marts/*.yml`，改后运行
`uv run xunjian docs --period 季度`。
已发布的 `compliance.duckdb` 里，每张表、每一列的注释与此相同（`duckdb_tables()`、`duckdb_columns()`）。
"""
# Whatever dbt's page would ask the network for goes: a closed network has none, and the page does without.
_REMOTE = re.compile(r'<(?:link|script)[^>]+(?:href|src)="(?:https?:)?//[^"]*"[^>]*>(?:\s*</script>)?')


def write_docs(settings: Settings, period: str) -> tuple[Path, Path]:
    """Write dbt's pages (``data/docs/dbt/index.html``, one file, no network) and the dictionary beside them.

    Raises :class:`UserError` where nothing has been loaded, or dbt fails.
    """
    if not settings.warehouse_file.exists():
        raise UserError("还没有仓库文件；请先载入（load）并构建（build）")
    folder = settings.root / "docs"
    (folder / "dbt").mkdir(parents=True, exist_ok=True)
    with warehouse_lock(settings, f"生成文档 {period}"):
        run_dbt(settings, [period], "docs", "generate", "--static")
    target = settings.root / "warehouse" / "target"
    page = _REMOTE.sub("", (target / "static_index.html").read_text("utf-8"))
    index, words = folder / "dbt" / "index.html", folder / DICTIONARY.name
    _put(index, page)
    _put(words, dictionary(json.loads((target / "manifest.json").read_text("utf-8"))))
    return index, words


def dictionary(manifest: dict[str, Any]) -> str:
    """The data dictionary as Markdown: every mart, its grain, its columns in the order of its contract."""
    marts = sorted(
        (
            node
            for node in manifest["nodes"].values()
            if node["resource_type"] == "model" and node["schema"] == "marts"
        ),
        key=lambda node: str(node["name"]),
    )
    lines = [_HEAD, "| 表 | 说明 |", "|---|---|"]
    lines += [f"| [{node['name']}](#{node['name']}) | {_cell(node['description'])} |" for node in marts]
    for node in marts:
        lines += ["", f"## {node['name']}", "", _line(node["description"]), ""]
        lines += ["| 列 | 类型 | 说明 |", "|---|---|---|"]
        lines += [
            f"| {column['name']} | {column['data_type']} | {_cell(column['description'])} |"
            for column in node["columns"].values()
        ]
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")


def _put(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(text, "utf-8")
    temporary.replace(path)
