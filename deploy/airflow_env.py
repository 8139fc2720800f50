"""The environment of a local Airflow, built in one place: LocalExecutor, SQLite, loopback only.

Everything it keeps is under ``data/airflow`` (the ``AIRFLOW_HOME``). Secrets are generated there once, in
files of mode 0600, and Airflow is told the command that reads them: they never stand in the environment
of tasks and browsers. Many machines: docker-compose.yml.
"""

import json
import os
import secrets
import shlex
import socket
from contextlib import closing
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import SecretStr

from settings import PROJECT, Settings

HOST = "127.0.0.1"
DEFAULT_PORT = 8080
USER = "admin"


def airflow_home(settings: Settings) -> Path:
    return settings.root / "airflow"


def password_file(settings: Settings) -> Path:
    """Where the web UI's generated password is, as JSON ``{user: password}``."""
    return airflow_home(settings) / "passwords.json"


def read_password(settings: Settings) -> str:
    """The generated password of :data:`USER`. Raises ``FileNotFoundError`` before the first start."""
    return str(json.loads(password_file(settings).read_text())[USER])


def free_port(preferred: int = DEFAULT_PORT) -> int:
    """``preferred`` if nobody listens there, else any free port."""
    for port in (preferred, 0):
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on the loopback interface")


def make_secrets(settings: Settings) -> None:
    """Create the home and, where missing, its secrets. Files are born with mode 0600, never widened."""
    home = airflow_home(settings)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    _create(home / "fernet.key", Fernet.generate_key().decode())
    _create(home / "api.key", secrets.token_urlsafe(48))
    _create(home / "jwt.key", secrets.token_urlsafe(48))
    _create(password_file(settings), json.dumps({USER: secrets.token_urlsafe(12)}))


def _create(path: Path, content: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(content)


def _settings_env(settings: Settings) -> dict[str, str]:
    """The settings as they are now, for the tasks: paths absolute, since tasks start elsewhere.

    Secrets stay what the environment says: printed, they would be asterisks.
    """
    return {
        f"XUNJIAN_{name.upper()}": str(value.resolve() if isinstance(value, Path) else value)
        for name, value in settings
        if value is not None and not isinstance(value, SecretStr)
    }


def airflow_env(settings: Settings, port: int) -> dict[str, str]:
    """The whole environment of Airflow's processes, and so of every task."""
    home = airflow_home(settings)
    url = f"http://{HOST}:{port}"

    def read(name: str) -> str:
        return f"cat {shlex.quote(str(home / name))}"

    # The tasks talk to the API server on loopback, also where an office's proxy is set.
    bypass = ",".join(
        filter(None, [os.environ.get("NO_PROXY") or os.environ.get("no_proxy"), HOST, "localhost"])
    )
    return {
        **os.environ,
        "NO_PROXY": bypass,
        "no_proxy": bypass,
        **_settings_env(settings),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        # Two browsers and one writer at most: the pools say so, the rest is for short steps.
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Shanghai",
        "AIRFLOW__CORE__FERNET_KEY_CMD": read("fernet.key"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(password_file(settings)),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__INSTANCE_NAME": "巡检",
        "AIRFLOW__API__SECRET_KEY_CMD": read("api.key"),
        "AIRFLOW__API_AUTH__JWT_SECRET_CMD": read("jwt.key"),
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        # One small machine: look for work often, it costs next to nothing here.
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
        # A machine that was switched off in the middle: take its tasks up again soon.
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
        # A busy machine answers late; that is no reason to fail a task.
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
        "SCARF_ANALYTICS": "false",
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
