"""巡检 — the front door: one command a step, each may be run twice, each says in one line what is wrong."""

import errno
import sys

import structlog
import typer
from pydantic import ValidationError

from commands import assessing, evidence, looking, replica, telling
from errors import UserError

app = typer.Typer(no_args_is_help=True, add_completion=False, help="巡检：政府网站与政务新媒体季度检查")
for room in (looking, evidence, assessing, telling, replica):
    app.add_typer(room.app)


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
