"""Telling: the circular, the dashboard, dossiers, and what is sent to whom."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from commands.shared import UNFIT, PeriodOption, RegistryOption, RunOption, out, registry_directory
from errors import UserError
from settings import get_settings

app = typer.Typer()
alert_app = typer.Typer(no_args_is_help=True, help="通知：值班、数据负责人、主办单位三条互不相混的渠道")
app.add_typer(alert_app, name="alert")


@app.command()
def report(period: PeriodOption, registry: RegistryOption = None) -> None:
    """写出通报（Word、网页）、两个附件、各主办单位的问题清单和看板（只读已发布的数据和证据库）。"""
    from rich.progress import Progress

    from reports.circular import write_circular
    from reports.dashboard.site import write_dashboard
    from reports.door import write_door

    settings = get_settings()
    out.print(str(write_circular(settings, period, registry)), markup=False)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("看板", total=None)
        index = write_dashboard(
            settings, period, lambda done, total: bar.update(task, completed=done, total=total)
        )
    out.print(f"看板　　 {index}\n总目录　 {write_door(settings)}", markup=False)


@app.command()
def show(period: PeriodOption) -> None:
    """在终端显示合格率、两个附件和各文件所在。"""
    from reports.summary import print_summary

    print_summary(out, get_settings(), period)


@app.command()
def dossier(
    period: PeriodOption,
    subject: Annotated[str, typer.Option(help="平台:账号标识 或 网站标识码")],
    output: Annotated[Path | None, typer.Option(help="写到哪个 zip（默认在报告目录）")] = None,
) -> None:
    """把一个对象的判定、证据和封存清单装成一个 zip，用通用工具即可核验；证据不全时以 4 退出。"""
    from reports.dossier import write_dossier

    written = write_dossier(get_settings(), period, subject, output)
    out.print(str(written), markup=False)
    raise typer.Exit(UNFIT if written.lost else 0)


@app.command()
def suspicions(
    period: PeriodOption,
    output: Annotated[Literal["text", "csv"], typer.Option(help="text 供阅读，csv 供表格软件")] = "text",
    every: Annotated[bool, typer.Option("--all", help="连同已认定和已排除的")] = False,
) -> None:
    """列出待复核的：弄虚作假线索（W1）、机器未能判定的检查（W5、W6、M3.1），附证据与要做的事（只读已发布的数据）。"""
    from reports.suspicions import print_suspicions, read_suspicions, suspicions_csv

    rows = read_suspicions(get_settings(), period, every=every)
    if output == "csv":
        sys.stdout.buffer.write(suspicions_csv(rows))
    else:
        print_suspicions(out, rows)


@alert_app.command("oncall")
def alert_oncall(
    dag: Annotated[str, typer.Option(help="哪个流程")],
    run_id: RunOption,
    step: Annotated[str, typer.Option(help="哪一步")],
    reason: Annotated[str, typer.Option(help="一句话原因")],
) -> None:
    """告诉值班人员某次运行中断（由调度使用；同一次运行只发一次）。"""
    from reports.alerts.send import tell_oncall

    out.print(str(tell_oncall(get_settings(), dag, run_id or "", step, reason)), markup=False)


@alert_app.command("organisers")
def alert_organisers(
    period: PeriodOption,
    registry: RegistryOption = None,
    only: Annotated[
        Literal["findings", "warnings"] | None, typer.Option(help="findings 问题，warnings 临期预警")
    ] = None,
) -> None:
    """把问题和临期预警分别告诉各主办单位，把暂定的合格率告诉数据负责人；说过的不再说。"""
    from extractors.registry import read_registry_for
    from reports.alerts.send import tell_of_coverage, tell_organisers

    settings = get_settings()
    checked = read_registry_for(registry_directory(settings, registry), period)
    if only != "warnings":
        tell_of_coverage(settings, period)
    told, without = tell_organisers(settings, period, checked, only)
    out.print(f"主办单位：{told}", markup=False)
    if without:
        out.print(f"没有联系方式的主办单位 {len(without)} 个：{'、'.join(without[:10])}", markup=False)


@alert_app.command("test")
def alert_test(
    route: Annotated[Literal["oncall", "data"], typer.Argument(help="oncall 值班，data 数据负责人")],
) -> None:
    """试发一条消息，看渠道通不通；不通则以 1 退出。"""
    from datetime import UTC, datetime

    from reports.alerts.channels import channels_of
    from reports.alerts.message import Message, Route
    from reports.alerts.outbox import deliver

    settings, way = get_settings(), Route(route)
    channels = channels_of(settings, way)
    if not channels:
        raise UserError(f"还没有设置渠道：XUNJIAN_ALERT_{route.upper()}（Apprise 网址，空格分隔）")
    now = datetime.now(UTC).isoformat()
    told = deliver(settings, Message(way, f"test/{now}", "巡检：试发", f"发给{way.zh}的试发消息。"), channels)
    out.print(str(told), markup=False)
    raise typer.Exit(1 if told.dead else 0)
