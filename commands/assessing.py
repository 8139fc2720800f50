"""Assessing: landed data to published verdicts, a step at a time or all of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from commands.shared import UNFIT, PeriodOption, RegistryOption, out, registry_directory
from errors import UserError
from settings import Settings, get_settings

if TYPE_CHECKING:
    from expectations.run import Validation

app = typer.Typer()


def _snapshot(settings: Settings, registry: Path | None, period: str) -> None:
    from extractors.registry import read_registry_for
    from extractors.registry.snapshot import land_snapshot

    checked = read_registry_for(registry_directory(settings, registry), period)
    snapshot_id = land_snapshot(checked, settings)
    out.print(f"台账快照 {snapshot_id}")


@app.command()
def load(period: PeriodOption, registry: RegistryOption = None) -> None:
    """把台账快照和已落地的数据装入数据仓库，每个文件只装一次。"""
    from warehouse.load import load as load_landed

    settings = get_settings()
    _snapshot(settings, registry, period)
    out.print(str(load_landed(settings)), markup=False)


@app.command()
def build(period: PeriodOption) -> None:
    """用 dbt 算出该季度的判定（一个子进程）。"""
    from warehouse.build import build as build_models

    build_models(get_settings(), period)
    out.print(f"{period} 已算出判定")


def _check(settings: Settings, period: str, border: str) -> "Validation":
    """Validate one border and say what it found."""
    from expectations.run import validate as check
    from reports.alerts.send import tell_of_gate

    result = check(settings, period, border)
    for line in result.criticals:
        out.print(f"严重：{line}", markup=False)
    for line in result.warnings:
        out.print(f"提醒：{line}", markup=False)
    out.print(f"{border} 检验{'通过' if result.success else '不通过'}，详见 {result.docs}", markup=False)
    if not result.success:
        tell_of_gate(settings, period, border, result.criticals, result.docs)
    return result


@app.command()
def validate(
    period: PeriodOption,
    border: Annotated[
        Literal["landing", "marts", "both"], typer.Option(help="landing 入库前，marts 发布前")
    ] = "both",
    registry: RegistryOption = None,
) -> None:
    """在仓库的两道边界上检验数据；有严重问题时以 4 退出，不得发布。"""
    settings = get_settings()
    if border != "marts":
        _snapshot(settings, registry, period)
    borders = ("landing", "marts") if border == "both" else (border,)
    # Both are looked at, whatever the first says.
    passed = [_check(settings, period, name).success for name in borders]
    if not all(passed):
        raise typer.Exit(UNFIT)


@app.command()
def publish(period: PeriodOption) -> None:
    """发布只读的 DuckDB：新文件、试查、改名；旧文件的读者不受影响。发布前须通过两道检验。"""
    from expectations.record import warnings_before_publishing
    from warehouse.publish import publish as publish_marts

    settings = get_settings()
    manifest = publish_marts(settings, period, warnings_before_publishing(settings, period))
    out.print(f"已发布 {settings.published_file}（SHA-256 {manifest.sha256}）", markup=False)


@app.command()
def assess(
    period: PeriodOption,
    registry: RegistryOption = None,
    rule_set: Annotated[
        str | None, typer.Option("--rule-set", help="按另一规则集对同样的数据试算，结果另存，原结果不变")
    ] = None,
    known_at: Annotated[
        str | None, typer.Option("--known-at", help="只用到这一天（或时刻）为止已落地的数据重算，结果另存")
    ] = None,
) -> None:
    """评定一个季度：检验 → 装载 → 计算 → 检验 → 发布；任一道检验不通过即止，已发布的不变。"""
    from warehouse.build import build as build_models
    from warehouse.load import load as load_landed

    settings = get_settings()
    if rule_set is not None or known_at is not None:
        _assess_beside(settings, period, rule_set, known_at)
        return
    _snapshot(settings, registry, period)
    if not _check(settings, period, "landing").success:
        raise typer.Exit(UNFIT)
    out.print(str(load_landed(settings)), markup=False)
    build_models(settings, period)
    if not _check(settings, period, "marts").success:
        raise typer.Exit(UNFIT)
    publish(period)


def _assess_beside(settings: Settings, period: str, rule_set: str | None, known_at: str | None) -> None:
    from reports.changes import compare, report_changes
    from reports.circular import write_circular
    from warehouse.beside import beside, copy_observations, instant_known_at
    from warehouse.build import build as build_models
    from warehouse.publish import publish as publish_marts

    try:
        known = instant_known_at(known_at) if known_at else None
    except ValueError as error:
        raise typer.BadParameter(f"--known-at {error}") from None
    if not settings.published_file.is_file():
        raise UserError(f"还没有可比的结果；请先运行 xunjian assess --period {period}")
    other = beside(settings, period, rule_set, known)
    out.print(f"同样的数据 {copy_observations(settings, other, period, known)} 个落地文件")
    build_models(other, period, by_rule_set=rule_set)
    checked = _check(other, period, "marts")
    if not checked.success:
        raise typer.Exit(UNFIT)
    publish_marts(other, period, checked.warnings, known)
    changes = other.reports / period / "changed_verdicts.csv"
    report_changes(out, compare(settings.published_file, other.published_file, period), changes)
    out.print(str(write_circular(other, period)), markup=False)
    out.print(f"另算的结果 {other.published_file}；原结果没有动", markup=False)


@app.command()
def docs(period: PeriodOption) -> None:
    """写出 dbt 文档（一个网页文件，离线可看）与数据字典。"""
    from warehouse.docs import write_docs

    for path in write_docs(get_settings(), period):
        out.print(f"已写出 {path}", markup=False)


@app.command()
def rebuild() -> None:
    """删去工作仓库，从落地数据重新装载并计算每个季度。"""
    from warehouse.build import rebuild as rebuild_all

    out.print(str(rebuild_all(get_settings())), markup=False)
