"""The plan of a period (``plan.yml``): when was sampled, at which instants, by which indicators."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from errors import UserError
from extractors.periods import SHANGHAI, parse_period

# 国办秘函〔2019〕19号 M2: 监测时间点前2周内无更新.
WINDOW = timedelta(days=14)
INDICATOR = re.compile(r"(W[1-6](\.\d+)?|M[1-3](\.\d+)?|SCORE)")


def _instant(value: Any) -> Any:
    """A plan's times without a zone are Asia/Shanghai; a bare day is not an instant."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=SHANGHAI) if value.tzinfo is None else value
    if isinstance(value, date):
        raise ValueError("要写到时分秒，如 2021-03-31T23:59:59+08:00")
    return value


class Sampling(BaseModel):
    """检查采样时间, both days included."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    from_: date = Field(alias="from")
    to: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ > self.to:
            raise ValueError("from 晚于 to")
        return self


class RateDecimals(BaseModel):
    """How many decimals a circular prints. Zhanjiang prints 85 % for websites and 97.2 % for accounts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    website: int = Field(0, ge=0, le=4)
    account: int = Field(1, ge=0, le=4)


class Confirmations(BaseModel):
    """How often "not updated" must have been seen, each time wholly, before it stands.

    ``observations`` looks of different runs, each at least ``hours_apart`` hours after the one before.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    observations: int = Field(1, ge=1, le=10)
    hours_apart: float = Field(0, ge=0, le=24 * 14)


class Sample(BaseModel):
    """抽查: which share of the accounts (by platform) and of the websites (by class) is looked at.

    ``seed`` decides who it is, and is recorded with the plan: who is sampled can be worked out again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: str = Field(min_length=1)
    accounts: float = Field(1.0, gt=0, le=1)
    websites: float = Field(1.0, gt=0, le=1)


class Plan(BaseModel):
    """One period's plan. ``monitoring_points`` and ``since`` are aware instants.

    ``since`` is how far back a list must reach to count as wholly seen; ``coverage_floor`` is the share
    of subjects to be looked at below which a published rate is only provisional; ``canary_hours`` is how old
    a canary's newest post may be before its platform's whole run is doubted. ``late_days`` is how many days
    after its own date a website's item may first be seen without being suspected of a forged date (W1).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    period: str
    sampling: Sampling
    monitoring_points: tuple[datetime, ...] = Field(min_length=1)
    indicators: tuple[str, ...] = Field(min_length=1)
    rule_set: str = "national-2019"
    coverage_floor: float = Field(1.0, ge=0, le=1)
    since: datetime
    rate_decimals: RateDecimals = RateDecimals()
    confirmations: Confirmations = Confirmations()
    canary_hours: float = Field(48, gt=0)
    sample: Sample | None = None
    late_days: int = Field(3, ge=0, le=365)

    @field_validator("period")
    @classmethod
    def _is_a_quarter(cls, value: str) -> str:
        return str(parse_period(value))

    @field_validator("monitoring_points", mode="before")
    @classmethod
    def _points_are_instants(cls, value: Any) -> Any:
        return [_instant(item) for item in value] if isinstance(value, list | tuple) else value

    @field_validator("since", mode="before")
    @classmethod
    def _since_is_an_instant(cls, value: Any) -> Any:
        if isinstance(value, date) and not isinstance(value, datetime):
            return datetime.combine(value, time(), SHANGHAI)
        return _instant(value)

    @field_validator("indicators")
    @classmethod
    def _indicators_are_codes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for code in value:
            if not INDICATOR.fullmatch(code):
                raise ValueError(f"不认识的指标“{code}”，应如 W3、W4、M2.1、SCORE")
        return value

    @model_validator(mode="after")
    def _times_fit_together(self) -> Self:
        first = datetime.combine(self.sampling.from_, time(), SHANGHAI)
        end = datetime.combine(self.sampling.to + timedelta(days=1), time(), SHANGHAI)
        if list(self.monitoring_points) != sorted(set(self.monitoring_points)):
            raise ValueError("monitoring_points 要从早到晚，不得重复")
        if not all(first <= point <= end for point in self.monitoring_points):
            raise ValueError("monitoring_points 要在 sampling 的 from 与 to 之内")
        if self.since > self.windows_start:
            raise ValueError("since 要不晚于第一个监测时间点前 14 天，否则列表读得不够远")
        return self

    @property
    def windows_start(self) -> datetime:
        """Where the earliest two-week window opens: the first monitoring point − 14 d."""
        return self.monitoring_points[0] - WINDOW

    @property
    def wants_history(self) -> bool:
        """Whether lists are wanted further back than the windows. If not, a window's post ends a look."""
        return self.since < self.windows_start

    def asks(self, code: str) -> bool:
        """Whether the indicator ``code`` is to be checked: W4 in the plan asks W4.1 too."""
        return any(code == wide or code.startswith(f"{wide}.") for wide in self.indicators)

    def daily_point(self, now: datetime) -> datetime:
        """The instant that a daily check made at ``now`` asks about: has the account updated up to then?

        A monitoring point of the last two weeks, since its window is still to be proved; the plan's last
        one for ever after; else ``now``.
        """
        passed = [point for point in self.monitoring_points if point <= now]
        over = bool(passed) and passed[-1] == self.monitoring_points[-1]
        return passed[-1] if passed and (over or now - passed[-1] < WINDOW) else now

    def for_daily_check(self, point: datetime) -> Self:
        """The same plan, asking of accounts no more than whether they updated up to ``point``."""
        asked = {"monitoring_points": (point,), "since": point - WINDOW, "indicators": ("M2",)}
        return self.model_copy(update=asked)


def _in_words(error: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "整个文件"
    if error["type"] == "missing":
        return f"plan.yml，{where}：缺少此项，请补上"
    if error["type"] == "extra_forbidden":
        return f"plan.yml，{where}：不认识的项，请删去或改正拼写"
    return f"plan.yml，{where}：{str(error['msg']).removeprefix('Value error, ')}"


def read_plan(path: Path) -> Plan:
    """Read ``plan.yml``. Raises :class:`UserError` that names every fault, one line each."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UserError(f"{path}：找不到检查计划，请照 docs/registry.md 写一份 plan.yml") from None
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        first_line = str(error).splitlines()[0]
        raise UserError(f"plan.yml：不是可读的 UTF-8 YAML（{first_line}）") from None
    if not isinstance(content, dict):
        raise UserError("plan.yml：内容应为“键: 值”的列表，请对照 docs/registry.md")
    try:
        return Plan.model_validate(content)
    except ValidationError as error:
        raise UserError("\n".join(_in_words(dict(item)) for item in error.errors())) from None
