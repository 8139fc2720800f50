"""Looking: the registry and its plan, sign-ins, captures, rounds of probes."""

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from commands.shared import TOO_LITTLE_READ, PeriodOption, RegistryOption, RunOption, out, registry_directory
from errors import UserError
from settings import get_settings

app = typer.Typer()
registry_app = typer.Typer(no_args_is_help=True, help="台账：检查登记表")
app.add_typer(registry_app, name="registry")


@app.command()
def period(registry: RegistryOption = None) -> None:
    """打印检查计划（plan.yml）所写的季度：季度从不由运行时的时钟推断。"""
    from extractors.plan import read_plan

    out.print(read_plan(registry_directory(get_settings(), registry) / "plan.yml").period)


@app.command()
def doctor(
    live: Annotated[
        bool, typer.Option("--live", help="另在浏览器中对每个平台试看一个账号（不留数据）")
    ] = False,
) -> None:
    """这台机器能不能采集：浏览器、字体、磁盘、台账，各平台的登录、对照账号、熔断；不行的说怎么办。"""
    from itertools import chain

    from extractors.doctor import examine, look_now

    settings = get_settings()
    answers = []
    for answer in chain(examine(settings), look_now(settings) if live else ()):
        out.print(f"{'✓' if answer.fine else '✗'} {answer.what}：{answer.says}", markup=False)
        answers.append(answer)
    raise typer.Exit(0 if all(answer.fine for answer in answers) else 1)


@app.command()
def login(platform: Annotated[str, typer.Argument(help="douyin、kuaishou、wechat 或 weibo")]) -> None:
    """打开浏览器窗口由操作员扫码登录，登录状态只存给本用户（0600）。"""
    from extractors.login import login as log_in

    out.print(f"登录状态已存到 {log_in(get_settings(), platform)}", markup=False)


@registry_app.command("check")
def registry_check(registry: RegistryOption = None) -> None:
    """检查台账：一次列出全部错误（文件、行、列、怎么改）。"""
    from extractors.registry import read_registry

    checked = read_registry(registry_directory(get_settings(), registry))
    for notice in checked.notices:
        out.print(f"注意：{notice}", markup=False)
    out.print(
        f"台账无误：账号 {len(checked.accounts)} 个，网站 {len(checked.websites)} 个，"
        f"栏目 {len(checked.columns)} 个，对照账号 {len(checked.canaries)} 个；检查计划 {checked.plan.period}"
    )


@registry_app.command("discover")
def registry_discover(
    site: Annotated[str, typer.Option("--site", help="网站标识码")],
    output: Annotated[Path | None, typer.Option(help="写到这个文件（默认写到标准输出）")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="文件已在时覆盖它")] = False,
    registry: RegistryOption = None,
) -> None:
    """按网站自己的导航提出它的栏目表（columns 的格式），供人核对修改；不改动台账。"""
    from extractors.files import write_whole
    from extractors.registry import read_registry
    from extractors.websites.discovery import discover_site

    settings = get_settings()
    if output is not None and output.exists() and not overwrite:
        raise UserError(f"{output} 已存在：换一个文件名，或加 --overwrite 覆盖它")
    [subject] = read_registry(registry_directory(settings, registry)).subjects("websites", site)
    found = discover_site(subject, settings)
    for note in found.notes:
        sys.stderr.write(f"注意：{note}\n")
    if output is None:
        sys.stdout.write(found.as_csv())
    else:
        write_whole(output, found.as_csv().encode("utf-8-sig"))
    sys.stderr.write(f"提出 {len(found.columns)} 个栏目，请逐个核对名称、类别、更新期限后再放入台账\n")
    raise typer.Exit(0 if found.columns else 1)


@app.command()
def shards(
    period: PeriodOption,
    run_id: RunOption,
    registry: RegistryOption = None,
    daily: Annotated[bool, typer.Option("--daily", help="日常检查：只问新媒体近两周是否更新")] = False,
) -> None:
    """把一次采集分成若干片并固定下来，打印各片名称（JSON）。"""
    from extractors.registry import read_registry_for
    from extractors.shards import freeze_shards

    settings = get_settings()
    if run_id is None:
        raise UserError("请用 --run-id 指定采集运行号")
    checked = read_registry_for(registry_directory(settings, registry), period)
    frozen = freeze_shards(checked, settings, run_id, "platform" if daily else None, daily=daily)
    sys.stdout.write(json.dumps([shard.name for shard in frozen]) + "\n")


@app.command()
def capture(
    period: PeriodOption,
    registry: RegistryOption = None,
    only: Annotated[
        Literal["platform", "websites"] | None, typer.Option(help="platform 新媒体，websites 网站")
    ] = None,
    subject: Annotated[str | None, typer.Option(help="只采一个对象：平台:账号标识 或 网站标识码")] = None,
    run_id: RunOption = None,
    shard: Annotated[str | None, typer.Option(help="只采一片（由调度使用）")] = None,
    daily: Annotated[
        bool, typer.Option("--daily", help="日常检查：只问新媒体近两周是否更新，读到即止")
    ] = False,
) -> None:
    """用真实浏览器查看台账中的对象，留存证据，落地原始数据。中断后再运行会接着采。"""
    from extractors.capture import capture_all, run_shard
    from extractors.registry import read_registry_for

    settings = get_settings()
    checked = read_registry_for(registry_directory(settings, registry), period)
    if shard is not None:
        if run_id is None:
            raise UserError("--shard 需要与 --run-id 一起用")
        raise typer.Exit(run_shard(checked, settings, run_id, shard))
    if daily and only == "websites":
        raise UserError("--daily 只用于新媒体，请去掉 --only websites")
    only = "platform" if daily else only
    summary = capture_all(checked, settings, only=only, subject_id=subject, run_id=run_id, daily=daily)
    out.print(str(summary), markup=False)
    raise typer.Exit(0 if summary.complete else 75)


@app.command()
def probe(
    period: PeriodOption,
    registry: RegistryOption = None,
    site: Annotated[str | None, typer.Option(help="只探测一个网站：网站标识码")] = None,
    run_id: RunOption = None,
    simulated_week: Annotated[
        bool, typer.Option("--simulate-week", help="只用于复制环境：把监测点前一周快进跑完，每行注明“模拟”")
    ] = False,
) -> None:
    """探测一轮：每个网站访问一次（15 秒），打不开的由浏览器复核，前后访问对照网站；自身断网时以 3 退出。"""
    from extractors.probes.run import probe_once, simulate_week
    from extractors.registry import read_registry_for

    settings = get_settings()
    checked = read_registry_for(registry_directory(settings, registry), period)
    if simulated_week and (site or run_id):
        raise UserError("--simulate-week 不能与 --site、--run-id 同用")
    done = simulate_week(checked, settings) if simulated_week else probe_once(checked, settings, run_id, site)
    out.print(str(done), markup=False)
    raise typer.Exit(TOO_LITTLE_READ if done.own_outage else 0)


@app.command("captures-summary")
def captures_summary(period: PeriodOption, run_id: RunOption) -> None:
    """汇总一次采集：各平台各结果的数量与对照账号；读到的不足一半，或对照账号未读作已更新，以 3 退出。"""
    from extractors.alerts import alerts_of, tell
    from extractors.custody.seal import seal
    from extractors.summary import summarise
    from reports.alerts.send import tell_of_run

    if run_id is None:
        raise UserError("请用 --run-id 指定采集运行号")
    settings = get_settings()
    for sealed in seal(settings, run_id):
        out.print(str(sealed), markup=False)
    summary = summarise(settings, period, run_id)
    alerts = alerts_of(summary)
    tell(settings, run_id, alerts)
    out.print(str(summary), markup=False)
    for alert in alerts:
        out.print(f"  ！{alert}", markup=False)
    tell_of_run(settings, period, run_id, [str(alert) for alert in alerts])
    raise typer.Exit(0 if summary.healthy else TOO_LITTLE_READ)
