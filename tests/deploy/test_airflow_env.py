"""The local Airflow's environment: on loopback, silent, its secrets in files of the user's alone."""

import json
import socket
import stat
from pathlib import Path

import pytest

from deploy.airflow_env import (
    airflow_env,
    airflow_home,
    free_port,
    make_secrets,
    password_file,
    read_password,
)
from settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", registry=Path("registry"), pace_seconds=3)


def test_secrets_are_made_once_and_for_the_user_alone(settings: Settings) -> None:
    make_secrets(settings)
    password = read_password(settings)
    files = list(airflow_home(settings).iterdir())
    assert {file.name for file in files} == {"fernet.key", "api.key", "jwt.key", "passwords.json"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    make_secrets(settings)
    assert read_password(settings) == password


def test_no_secret_stands_in_the_environment(settings: Settings) -> None:
    make_secrets(settings)
    values = "\n".join(airflow_env(settings, 8080).values())
    for file in airflow_home(settings).glob("*.key"):
        assert file.read_text() not in values
    assert json.loads(password_file(settings).read_text())["admin"] not in values


def test_only_loopback_and_no_telemetry(settings: Settings) -> None:
    environment = airflow_env(settings, 8123)
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8123/execution/"
    assert environment["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert environment["AIRFLOW__CORE__LOAD_EXAMPLES"] == "false"
    assert environment["SCARF_ANALYTICS"] == "false"
    assert "127.0.0.1" in environment["NO_PROXY"]


def test_tasks_get_the_settings_with_absolute_paths(settings: Settings) -> None:
    environment = airflow_env(settings, 8080)
    again = {name: environment[f"XUNJIAN_{name}"] for name in ("DATA", "REGISTRY", "SESSIONS")}
    assert all(Path(path).is_absolute() for path in again.values())
    assert environment["XUNJIAN_PACE_SECONDS"] == "3.0"
    assert "XUNJIAN_PROXY" not in environment  # not set, so not given as an empty one


def test_a_taken_port_is_not_used() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) != port
