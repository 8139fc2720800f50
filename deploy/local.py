"""Airflow on this machine: ``python -m deploy.local up | down | status | demo`` (``make up`` and so on)."""

import sys
from typing import Annotated

import typer
from rich.console import Console

from deploy.airflow_env import USER, password_file, read_password
from deploy.demo import SCENARIO, run_demo
from deploy.start import (
    alone,
    end_demo,
    stack_of,
    start_airflow,
    stop_everything,
    stopping_on_failure,
    url_file,
)
from errors import UserError
from settings import get_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="本机 Airflow：启动、停止、演示")
out = Console(highlight=False, soft_wrap=True)


@app.command()
def up() -> None:
    """启动 Airflow（界面与定时任务），在后台运行。"""
    settings = get_settings()
    with alone(settings), stopping_on_failure(settings):
        if any(component.is_alive for component in stack_of(settings).components().values()):
            raise UserError(f"已在运行：{url_file(settings).read_text()}；重启请先 make down")
        stop_everything(settings)
        with out.status("启动 Airflow …"):
            start_airflow(settings)
    out.print(f"Airflow 已就绪  {url_file(settings).read_text()}")
    out.print(
        f"用户名 {USER}，密码 {read_password(settings)}（保存在 {password_file(settings)}）", markup=False
    )
    out.print(f"日志与进程记录在 {stack_of(settings).log_file('x').parent}；停止：make down", markup=False)


@app.command()
def down(
    when_closed: Annotated[
        bool, typer.Option("--when-closed", hidden=True, help="等标准输入关闭后再停止（演示的看守）")
    ] = False,
) -> None:
    """停止 Airflow 及其全部子进程；可重复运行。"""
    settings = get_settings()
    if when_closed:
        sys.stdin.buffer.read()
    end_demo(settings)
    with alone(settings):
        stop_everything(settings)
    out.print("已全部停止")


@app.command()
def status() -> None:
    """显示哪些进程在运行。"""
    settings = get_settings()
    stack = stack_of(settings)
    components = stack.components()
    for name, component in components.items():
        state = f"运行中，进程 {component.pid}" if component.is_alive else "已退出"
        out.print(f"{name:14} {state}  {stack.log_file(name)}", markup=False)
    if any(component.is_alive for component in components.values()):
        out.print(f"界面 {url_file(settings).read_text()}")
    else:
        out.print("没有运行")
        raise typer.Exit(1)


@app.command()
def demo(scenario: Annotated[str, typer.Option(help="情景名称")] = SCENARIO) -> None:
    """在情景上经真实的 Airflow 跑完全程：采集、考核、通报，然后打印结果。"""
    run_demo(out, get_settings(), scenario)


def main() -> None:
    """A person's mistake is one line on stderr and exit status 2."""
    try:
        app(standalone_mode=True)
    except UserError as error:
        sys.stderr.write(f"错误：{error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
