"""What the two borders said last, as written down by :mod:`expectations.run`: publishing asks it."""

import json
from pathlib import Path

from errors import UserError
from settings import Settings


def warnings_before_publishing(settings: Settings, period: str) -> list[str]:
    """Both borders' warnings, for the manifest.

    Raises :class:`UserError` where a border was not validated for ``period``, said no, or (the marts') was
    asked before the warehouse last changed: what is published stays as it is then.
    """
    warnings: list[str] = []
    for border in ("landing", "marts"):
        path = settings.quality / f"{border}-{period}.json"
        if not path.exists():
            raise UserError(f"{period} 的 {border} 检验还没有做过，不能发布；请先运行 xunjian validate")
        if border == "marts" and path.stat().st_mtime_ns < _changed_ns(settings.warehouse_file):
            raise UserError(f"{period} 检验之后又重新计算过，不能发布；请再运行 xunjian validate")
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["status"] == "failed":
            raise UserError(f"{period} 的 {border} 检验不通过，不能发布：{record['criticals'][0]}")
        warnings += record["warnings"]
    return warnings


def _changed_ns(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0
