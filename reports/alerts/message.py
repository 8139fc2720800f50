"""What is said, without saying how it is sent. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Route(StrEnum):
    """Who is told. The Chinese names are what people read."""

    ONCALL = "oncall"
    DATA = "data"
    ORGANISERS = "organisers"

    @property
    def zh(self) -> str:
        return {"oncall": "值班（流水线故障）", "data": "数据负责人", "organisers": "主办单位"}[self.value]


@dataclass(frozen=True, slots=True)
class Message:
    """``key`` says what it is about: the same key is told to the same channel once."""

    route: Route
    key: str
    title: str
    body: str


def pipeline_broken(dag: str, run_id: str, step: str, reason: str) -> Message:
    """A step of a run failed for a reason that is not the data's."""
    return Message(
        Route.ONCALL,
        f"{dag}/{run_id}",
        f"巡检：{dag} 运行中断",
        f"步骤：{step}\n运行：{run_id}\n原因：{reason}\n"
        f"怎么办：在 Airflow 中打开该运行看日志，改正后清除失败的步骤；已落地和已发布的数据不受影响。",
    )


def gate_failed(period: str, border: str, occasion: str, criticals: Sequence[str], docs: str) -> Message:
    """A border of the warehouse said no. ``occasion`` tells one validation from the next."""
    names = {"landing": "入库前检验", "marts": "发布前检验"}
    return Message(
        Route.DATA,
        f"gate/{period}/{border}/{occasion}",
        f"巡检：{period} {names[border]}不通过，未发布",
        "\n".join([*_numbered(criticals), f"详见：{docs}", "已发布的数据保持原样。"]),
    )


def run_needs_a_person(period: str, run_id: str, lines: Sequence[str]) -> Message:
    """What a capture run could not see: canaries that failed, sessions that ended, too little read."""
    return Message(
        Route.DATA,
        f"run/{run_id}",
        f"巡检：{period} 采集需要处理（{len(lines)} 项）",
        "\n".join([*_numbered(lines), "没有看到的对象不会判为未更新。"]),
    )


def rate_is_provisional(period: str, published: str, lines: Sequence[str]) -> Message:
    """Coverage stayed under the plan's floor."""
    return Message(
        Route.DATA,
        f"coverage/{period}/{published}",
        f"巡检：{period} 合格率为暂定",
        "\n".join([*_numbered(lines), "请补查未能判定的对象后重新评定。"]),
    )


def _numbered(lines: Sequence[str], most: int = 20) -> list[str]:
    shown = [f"{number}. {line}" for number, line in enumerate(lines[:most], start=1)]
    return [*shown, f"……共 {len(lines)} 项"] if len(lines) > most else shown
