"""What the two borders said last, as written down by :mod:`expectations.run`: publishing asks it."""

import json

from errors import UserError
from settings import Settings


def warnings_before_publishing(settings: Settings, period: str) -> list[str]:
    """Both borders' warnings, for the manifest.

    Raises :class:`UserError` where a border was not validated for ``period`` or said no: what is published
    stays as it is then.
    """
    warnings: list[str] = []
    for border in ("landing", "marts"):
        path = settings.quality / f"{border}-{period}.json"
        if not path.exists():
            raise UserError(f"{period} 的 {border} 检验还没有做过，不能发布；请先运行 xunjian validate")
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["status"] == "failed":
            raise UserError(f"{period} 的 {border} 检验不通过，不能发布：{record['criticals'][0]}")
        warnings += record["warnings"]
    return warnings
