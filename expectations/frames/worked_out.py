"""The working warehouse's marts of one period as frames. Opened read-only, and closed again at once."""

from pathlib import Path

import duckdb
import pandas as pd

from errors import UserError
from expectations.frames import query

FRAMES = (
    "periods",
    "grid",
    "grid_subjects",
    "checks",
    "verdicts",
    "findings",
    "rates",
    "breakdowns",
    "totals",
)


def mart_frames(warehouse: Path, period: str) -> dict[str, pd.DataFrame]:
    """The frames of :data:`FRAMES` for ``period``.

    Raises :class:`UserError` where the warehouse is not there, is being written, or holds no marts yet.
    """
    if not warehouse.is_file():
        raise UserError(
            f"找不到工作仓库 {warehouse}，请先运行 xunjian load 和 xunjian build --period {period}"
        )
    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            connection.execute("set timezone = 'UTC'")
            return {
                name: connection.execute(query("marts", name), {"period": period}).df() for name in FRAMES
            }
    except duckdb.IOException:
        raise UserError(f"工作仓库 {warehouse} 打不开：正被其他进程写入，请等它结束后再检验") from None
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        first_line = str(error).splitlines()[0]
        raise UserError(
            f"工作仓库缺少检验所需的表或列，请先运行 xunjian build --period {period}（{first_line}）"
        ) from None
