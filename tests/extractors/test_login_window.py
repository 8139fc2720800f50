"""``xunjian login`` as an operator runs it: a real window, a scanned code, a state that captures use."""

import json
import shutil
import stat
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyarrow.parquet as pq
import pytest

from extractors.capture import _environment, capture_all
from extractors.login import LOGIN_PAGES
from extractors.platforms.catalogue import PLATFORMS
from extractors.registry import read_registry
from replica.scenario import BUNDLED, PLATFORM_HOSTS
from replica.server import RunningReplica, running_replica
from replica.sessions import cookies_of
from settings import PROJECT, Settings

pytestmark = pytest.mark.browser
REGISTRY = BUNDLED / "zhanjiang_2021q1" / "registry"
# How often a platform is asked for which page until its window shows the operator's own: for the front page
# before the login and after it, at 微博 once more by who did not wait; 微信 leads on to the backend.
_HOME = {"weibo": (3, "/"), "wechat": (1, "/cgi-bin/home")}
SECRETS = {cookie["value"] for name in PLATFORMS for cookie in cookies_of(name) if cookie["httpOnly"]}


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[str]:
    """A screen that nobody looks at: its ``DISPLAY``."""
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("没有 Xvfb，无法打开窗口：apt-get install xvfb")
    command = [server, "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=tmp_path
    ) as running:
        assert running.stdout is not None
        yield f":{running.stdout.readline().strip()}"
        running.terminate()


class Web:
    """The replica, what was asked of it, and the operator's phone."""

    def __init__(self, replica: RunningReplica, log: Path) -> None:
        self.proxy, self._log = replica.proxy_url, log

    def scan(self, platform: str) -> None:
        done = httpx.put(f"http://phone.replica.invalid/{platform}", proxy=self.proxy)
        assert done.status_code == 204

    def wait_for(self, times: int, path: str, platform: str) -> None:
        """Until the platform's page has been asked for ``path`` so often."""
        end = time.monotonic() + 60
        while self._asked()[platform, path] < times:
            assert time.monotonic() < end, (platform, path)
            time.sleep(0.1)

    def _asked(self) -> Counter[tuple[str, str]]:
        lines = [json.loads(line) for line in self._log.read_text("utf-8").splitlines()]
        return Counter((PLATFORM_HOSTS.get(line["host"], ""), line["path"]) for line in lines)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    log = tmp_path / "requests.jsonl"
    with running_replica(request_log=log) as replica:
        yield Web(replica, log)


def test_an_operator_scans_the_code_and_captures_use_the_login(web: Web, screen: str, tmp_path: Path) -> None:
    settings = Settings(
        data=tmp_path / "data", sessions=tmp_path / "sessions", registry=REGISTRY, proxy=web.proxy,
        tls_verify=False, pace_seconds=0, page_seconds=20,
    )  # fmt: skip

    def xunjian(*command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "xunjian", *command], cwd=PROJECT, text=True,
            env=_environment(settings) | {"DISPLAY": screen},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    hasty = xunjian("login", "weibo")
    said, error = hasty.communicate("\n", timeout=60)
    assert (hasty.returncode, error.count("\n")) == (2, 1) and "没有登录凭据（SUB）" in error
    assert not settings.sessions.exists()

    windows = {platform: xunjian("login", platform) for platform in LOGIN_PAGES}
    spoken = said + error
    for platform, window in windows.items():
        web.wait_for(1, "/login/qr", platform)
        web.scan(platform)
        web.wait_for(*_HOME.get(platform, (2, "/")), platform)
        said, error = window.communicate("\n", timeout=60)
        assert (window.returncode, error) == (0, "")
        spoken += said
        path = settings.sessions / f"{platform}.json"
        assert said.replace("\n", "").endswith(f"登录状态已存到 {path}")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.sessions.stat().st_mode) == 0o700
    assert [path.name for path in sorted(settings.sessions.iterdir())] == [
        f"{p}.json" for p in sorted(PLATFORMS)
    ]

    doctor = xunjian("doctor")
    told, error = doctor.communicate(timeout=60)
    for platform in PLATFORMS:
        line = next(line for line in told.splitlines() if f"登录 {platform}" in line)
        assert "有效至" in line, line
    registry = read_registry(REGISTRY)
    seen = {row["platform"]: row for row in registry.accounts if "合成" in row["account_name"]}
    registry.accounts[:] = seen.values()
    registry.canaries.clear()
    captured = capture_all(registry, settings, only="platform")
    assert captured.complete and captured.summary.healthy, str(captured)
    looks = [
        row
        for path in settings.landing.glob("captures/*/*/*.parquet")
        for row in pq.ParquetFile(path).read().to_pylist()
    ]
    assert {(row["platform"], row["outcome"], row["channel"]) for row in looks} == {
        ("douyin", "ok_complete", "douyin.web"), ("kuaishou", "ok_complete", "kuaishou.web"),
        ("wechat", "ok_complete", "wechat.backend"), ("weibo", "ok_complete", "weibo.desktop"),
    }  # fmt: skip
    logs = [path.read_text("utf-8") for path in settings.runs.rglob("*.log")]
    assert not [secret for secret in SECRETS if secret in "".join([spoken, told, error, *logs])]
