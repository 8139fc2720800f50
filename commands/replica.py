"""The replica, for the demonstration and the tests."""

from pathlib import Path
from typing import Annotated

import typer

from errors import UserError

app = typer.Typer()
replica_app = typer.Typer(no_args_is_help=True, help="复制环境：供演示与测试的平台替身")
app.add_typer(replica_app, name="replica")


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
