"""What the commands share: options, exit statuses, the console."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from extractors.periods import parse_period
from settings import Settings

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


def registry_directory(settings: Settings, registry: Path | None) -> Path:
    return registry if registry is not None else settings.registry


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing elsewhere; call it with what is done and how much there is in all."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(bar, completed=done, total=total)
