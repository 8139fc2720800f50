"""``xunjian replica serve``: ready in one line, healthy until told, gone without a trace."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from errors import UserError
from replica.server import serve_command

COMMAND = [sys.executable, "-m", "xunjian", "replica", "serve", "--scenario", "zhanjiang_2021q1"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_stop(tmp_path: Path, how: signal.Signals) -> None:
    log = tmp_path / "requests.jsonl"
    options = [
        "--state",
        "坡头区政府网=http_404",
        "--sessions",
        str(tmp_path / "s"),
        "--request-log",
        str(log),
    ]
    with subprocess.Popen(
        [*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        try:
            assert run.stdout is not None
            line = run.stdout.readline()
            assert line.startswith("复制环境已就绪 http://127.0.0.1:")
            with httpx.Client(proxy=line.split()[-1], verify=False) as client:
                assert client.get("http://potou.zhanjiang.gov.cn/").status_code == 404
            run.send_signal(how)
            _, errors = run.communicate(timeout=20)
        finally:
            run.kill()
    assert (run.returncode, errors) == (0, "")
    assert {path.name for path in (tmp_path / "s").iterdir()} == {
        "douyin.json", "kuaishou.json", "wechat.json", "weibo.json", "wechat_owners.yml",
    }  # fmt: skip
    assert json.loads(log.read_text(encoding="utf-8"))["status"] == 404


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ({"坡头区政府网": "no_such_state"}, "不存在"),
        ({"坡头区政府网": "null_list"}, "只适用于 douyin"),
        ({"没有这个号": "captcha"}, "没有“没有这个号”"),
    ],
)
def test_a_state_that_cannot_be_is_refused_in_words(states: dict[str, str], said: str) -> None:
    with pytest.raises(UserError, match=said):
        serve_command("zhanjiang_2021q1", 0, states, None, None)
