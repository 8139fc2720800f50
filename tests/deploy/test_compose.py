"""docker-compose.yml and Dockerfile, as far as they can be checked without a container engine."""

import json
import re
import shlex
import subprocess
import sys
from typing import Any

import pytest
import yaml

from settings import PROJECT

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
SECRET = re.compile(r"PASSWORD|SECRET|FERNET|CONN|BACKEND|BROKER|AUTH$|ADMIN")


def test_the_services_are_all_there() -> None:
    assert set(SERVICES) == {
        "postgres", "redis", "airflow-init", "api-server", "scheduler", "dag-processor", "triggerer",
        "worker-browser", "worker-probe", "worker-warehouse",
    }  # fmt: skip


def test_every_secret_must_be_given_and_none_is_written_down() -> None:
    names = set()
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if not SECRET.search(variable) or variable.endswith("AUTH_MANAGER"):
                continue
            references = re.findall(r"\$\{(\w+):\?\}", value)
            assert references, f"{name}: {variable} has a value of its own"
            assert not re.search(r"\$\{\w+(:-|\})", value), f"{name}: {variable} may be empty"
            names |= set(references)
    given = dict(
        line.split("=", 1)
        for line in (PROJECT / ".env.example").read_text().splitlines()
        if line and not line.startswith("#")
    )
    assert names <= set(given)
    assert set(given.values()) == {""}


def test_containers_reap_restart_and_report_their_health() -> None:
    for name, service in OURS.items():
        assert service["init"] is True, name
        assert any("no-new-privileges" in option for option in service["security_opt"]), name
        if name != "airflow-init":
            assert service["restart"] == "unless-stopped", name
            assert service["healthcheck"]["test"], name
            started_after = {key: value["condition"] for key, value in service["depends_on"].items()}
            assert started_after["airflow-init"] == "service_completed_successfully", name
    assert SERVICES["postgres"]["healthcheck"]["test"][1] == "pg_isready"
    assert SERVICES["airflow-init"]["restart"] == "no"


def test_each_worker_serves_one_queue_and_the_warehouse_has_one_writer() -> None:
    pools = json.loads((PROJECT / "deploy" / "pools.json").read_text())
    for pool, options in pools.items():
        command = SERVICES[f"worker-{pool}"]["command"]
        assert command[:5] == ["airflow", "celery", "worker", "--queues", pool]
        assert command[5:] == ["--concurrency", str(options["slots"])]
    assert SERVICES["worker-browser"]["shm_size"]
    assert SERVICES["worker-browser"]["volumes"] == SERVICES["worker-warehouse"]["volumes"]
    for what in ("volumes", "shm_size", "security_opt"):  # it opens a browser too
        assert SERVICES["worker-probe"][what] == SERVICES["worker-browser"][what]


def test_everything_kept_is_in_a_named_volume() -> None:
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source, target, *options = re.sub(r"\$\{\w+:-(.*?)\}", r"\1", volume).split(":")
            assert source in COMPOSE["volumes"] or (target == "/registry" and options == ["ro"]), name


def test_the_web_interface_is_on_loopback_with_real_logins() -> None:
    assert SERVICES["api-server"]["ports"] == ["127.0.0.1:8080:8080"]
    for service in OURS.values():
        environment = service["environment"]
        assert environment["AIRFLOW__CORE__AUTH_MANAGER"].endswith("FabAuthManager")
        assert environment["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"


@pytest.mark.parametrize("name", sorted(set(OURS) - {"airflow-init"}))
def test_each_command_line_is_one_that_airflow_has(name: str) -> None:
    command = OURS[name]["command"]
    depth = 3 if "celery" in command else 2
    done = subprocess.run(
        [sys.executable, "-m", *command[:depth], "--help"],
        env={
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "PATH": "/usr/bin:/bin",
            "AIRFLOW_HOME": "/nonexistent",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for option in command[depth:]:
        if option.startswith("--"):
            assert option in done.stdout


def test_the_worker_can_be_imported() -> None:
    # The provider admits Celery versions that it does not work with.
    subprocess.run(
        [sys.executable, "-c", "import airflow.providers.celery.executors.celery_executor_utils"], check=True
    )


def test_the_browser_is_sandboxed_in_the_container() -> None:
    profile = json.loads((PROJECT / "deploy" / "seccomp-chromium.json").read_text())
    denied = set(profile["syscalls"][0]["names"])
    assert {"clone", "clone3", "unshare", "setns", "chroot"}.isdisjoint(denied)
    assert {"mount", "bpf", "ptrace", "kexec_load"} - {"ptrace"} <= denied
    assert "seccomp:deploy/seccomp-chromium.json" in SERVICES["worker-browser"]["security_opt"]


def test_the_image_is_not_root_and_has_chinese_fonts_and_the_locked_packages() -> None:
    lines = (PROJECT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER")] == ["USER xunjian"]
    text = "\n".join(lines)
    assert "chromium fonts-noto-cjk" in text
    assert text.count("uv sync --frozen --no-default-groups --group cluster") == 2
    assert "no-sandbox" not in text


def test_the_image_holds_no_data_and_no_secrets() -> None:
    patterns = (PROJECT / ".dockerignore").read_text().split()
    assert "*" in patterns  # everything stays outside but what is named
    assert not {"!data", "!registry", "!.env", "!replica", "!tests"} & set(patterns)


def test_the_first_start_is_a_script_that_stops_at_an_error() -> None:
    script = PROJECT / "deploy" / "airflow_init.sh"
    assert SERVICES["airflow-init"]["command"] == ["/app/deploy/airflow_init.sh"]
    subprocess.run(["bash", "-n", str(script)], check=True)
    assert "set -euo pipefail" in script.read_text()
    assert shlex.split(script.read_text(), comments=True).count("--password") == 1
