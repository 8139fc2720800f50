"""巡检 — the front door: one command a step, each may be run twice, each says in one line what is wrong."""

import errno
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import structlog
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from errors import UserError
from extractors.periods import parse_period
from settings import Settings, get_settings

if TYPE_CHECKING:
    from expectations.run import Validation

app = typer.Typer(no_args_is_help=True, add_completion=False, help="巡检：政府网站与政务新媒体季度检查")
alert_app = typer.Typer(no_args_is_help=True, help="通知：值班、数据负责人、主办单位三条互不相混的渠道")
registry_app = typer.Typer(no_args_is_help=True, help="台账：检查登记表")
replica_app = typer.Typer(no_args_is_help=True, help="复制环境：供演示与测试的平台替身")
app.add_typer(registry_app, name="registry")
app.add_typer(alert_app, name="alert")
app.add_typer(replica_app, name="replica")
evidence_app = typer.Typer(no_args_is_help=True, help="证据：封存与核验")
app.add_typer(evidence_app, name="evidence")

# Exit statuses beside 0 and 2 (a person must mend something): data not fit; too little could be read.
UNFIT = 4
TOO_LITTLE_READ = 3

out = Console(highlight=False, soft_wrap=True)


def _period(value: str) -> str:
    try:
        return str(parse_period(value))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _run_id(value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,120}", value):
        raise typer.BadParameter("运行号只能含字母、数字和 . _ + -")
    return value


PeriodOption = Annotated[str, typer.Option("--period", callback=_period, help="季度，如 2021Q1")]
RegistryOption = Annotated[Path | None, typer.Option("--registry", help="台账目录（默认 XUNJIAN_REGISTRY）")]
RunOption = Annotated[str | None, typer.Option("--run-id", callback=_run_id, help="采集运行号")]


def _registry_directory(settings: Settings, registry: Path | None) -> Path:
    return registry if registry is not None else settings.registry


@contextmanager
def _progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing elsewhere; call it with what is done and how much there is in all."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(bar, completed=done, total=total)


@app.command()
def period(registry: RegistryOption = None) -> None:
    """打印检查计划（plan.yml）所写的季度：季度从不由运行时的时钟推断。"""
    from extractors.plan import read_plan

    out.print(read_plan(_registry_directory(get_settings(), registry) / "plan.yml").period)


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

    checked = read_registry(_registry_directory(get_settings(), registry))
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
    [subject] = read_registry(_registry_directory(settings, registry)).subjects("websites", site)
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
    checked = read_registry_for(_registry_directory(settings, registry), period)
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
    checked = read_registry_for(_registry_directory(settings, registry), period)
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
    checked = read_registry_for(_registry_directory(settings, registry), period)
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


@evidence_app.command("seal")
def evidence_seal() -> None:
    """把已落地而尚未封存的列入证据清单（采集结束时会自动进行）。"""
    from extractors.custody.seal import seal

    sealed = seal(get_settings())
    for one in sealed:
        out.print(str(one), markup=False)
    if not sealed:
        out.print("没有尚未封存的")


@evidence_app.command("verify")
def evidence_verify() -> None:
    """逐字节核验证据、落地文件和证据清单；有缺失、多出或改动时说明涉及哪些问题，以 4 退出。"""
    from extractors.custody.verify import touched_evidence, verify
    from reports.touched import findings_on

    settings = get_settings()
    with _progress_bar("核验") as advance:
        found = verify(settings, advance)
    for line in found.unsealed:
        out.print(f"尚未封存：{line}", markup=False)
    findings = findings_on(settings, touched_evidence(found.damages), {d.period for d in found.damages})
    for damage in found.damages:
        out.print(f"损坏：{damage.what}", markup=False)
        if damage.subjects:
            out.print(f"  对象：{'、'.join(damage.subjects)}", markup=False)
        for finding in findings:
            if damage.evidence & set(finding.evidence_sha256s) or finding.period == damage.period:
                out.print(f"  涉及：{finding}", markup=False)
    out.print(
        f"证据清单 {found.manifests} 份，文件 {found.files} 个，损坏 {len(found.damages)} 处；"
        f"链头 {found.head or '（尚无清单）'}",
        markup=False,
    )
    raise typer.Exit(UNFIT if found.damages else 0)


@app.command()
def reparse(period: PeriodOption) -> None:
    """不上网，用现在的解析程序重读该季度的证据；新版本的结果另行落地，由数据仓库取最新一次。"""
    from extractors.reparse import reparse as read_again

    with _progress_bar("重新解析") as advance:
        done = read_again(get_settings(), period, advance)
    out.print(str(done), markup=False)
    raise typer.Exit(0 if done.is_whole else UNFIT)


def _snapshot(settings: Settings, registry: Path | None, period: str) -> None:
    from extractors.registry import read_registry_for
    from extractors.registry.snapshot import land_snapshot

    checked = read_registry_for(_registry_directory(settings, registry), period)
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
    checked = read_registry_for(_registry_directory(settings, registry), period)
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


@app.command()
def show(period: PeriodOption) -> None:
    """在终端显示合格率、两个附件和各文件所在。"""
    from reports.summary import print_summary

    print_summary(out, get_settings(), period)


@replica_app.command("serve")
def replica_serve(
    scenario: Annotated[str, typer.Option(help="情景名称或目录")] = "zhanjiang_2021q1",
    port: Annotated[int, typer.Option(help="代理端口，0 为任选", min=0, max=65535)] = 0,
    state: Annotated[list[str] | None, typer.Option(help="把某对象置于某状态：对象=状态，可重复")] = None,
    sessions: Annotated[Path | None, typer.Option(help="把复制环境认可的登录状态写到此目录")] = None,
    request_log: Annotated[Path | None, typer.Option(help="请求日志（JSON 行）")] = None,
) -> None:
    """在回环地址上以真实域名提供四个平台和政府网站的替身。"""
    from replica.server import serve_command

    states = {}
    for item in state or []:
        subject, separator, name = item.rpartition("=")
        if not separator or not subject:
            raise UserError(f"--state “{item}”应写作 对象=状态")
        states[subject] = name
    serve_command(scenario, port, states, request_log, sessions)


def main() -> None:
    """Run the command line; a person's mistake is one line on stderr and exit status 2."""
    # Standard output carries answers, some read by programs. Tracebacks without variables: some hold tokens.
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
    )
    try:
        app(standalone_mode=True)
    except UserError as error:
        for line in str(error).splitlines():
            sys.stderr.write(f"错误：{line}\n")
        sys.exit(2)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        sys.stderr.write(
            f"错误：写不下了（{error.strerror}）：{error.filename or '数据目录'}；清出空间后再运行\n"
        )
        sys.exit(2)
    except ValidationError as error:
        for item in error.errors():
            name = ".".join(str(part) for part in item["loc"])
            setting = f"XUNJIAN_{name.upper()}" if name else "设置"
            sys.stderr.write(f"错误：{setting}：{str(item['msg']).removeprefix('Value error, ')}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
