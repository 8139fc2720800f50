"""The replica as a client meets it: real host names through the proxy, one clock, cut connections."""

import json
from pathlib import Path

import httpx
import pytest

from errors import UserError
from replica.scenario import load_scenario
from replica.server import running_replica

DATE = "Thu, 01 Apr 2021 01:00:00 GMT"


def test_every_host_answers_over_tls_and_plain_with_the_scenarios_date(tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    with (
        running_replica(request_log=log) as replica,
        httpx.Client(proxy=replica.proxy_url, verify=False) as client,
    ):
        for scheme in ("http", "https"):
            for host in sorted(replica.scenario.hosts):
                answer = client.get(f"{scheme}://{host}/no-such-page")
                assert answer.headers.get_list("date") == [DATE], host
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert {line["host"] for line in lines} == replica.scenario.hosts
    assert {"time", "host", "path", "status"} <= lines[0].keys()


def test_unknown_hosts_and_ports_are_refused() -> None:
    with running_replica() as replica, httpx.Client(proxy=replica.proxy_url, verify=False) as client:
        assert client.get("http://example.org/").status_code == 502
        for url in ("https://example.org/", "https://www.douyin.com:8443/"):
            with pytest.raises(httpx.ProxyError, match="502"):
                client.get(url)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_dropped_connection_gets_no_answer_and_others_go_on(scheme: str) -> None:
    with (
        running_replica(states={"坡头区政府网": "unreachable"}) as replica,
        httpx.Client(proxy=replica.proxy_url, verify=False) as client,
    ):
        with pytest.raises(httpx.TransportError):
            client.get(f"{scheme}://potou.zhanjiang.gov.cn/")
        assert client.get(f"{scheme}://mazhang.zhanjiang.gov.cn/").status_code == 200
        replica.scenario.set_state("坡头区政府网", None)
        assert client.get(f"{scheme}://potou.zhanjiang.gov.cn/").status_code == 200


def test_a_silent_site_does_not_keep_the_replica_from_stopping() -> None:
    with (
        running_replica(states={"坡头区政府网": "timeout"}) as replica,
        httpx.Client(proxy=replica.proxy_url, timeout=0.3) as client,
        pytest.raises(httpx.ReadTimeout),
    ):
        client.get("http://potou.zhanjiang.gov.cn/")


def test_a_taken_port_is_said_in_words() -> None:
    with running_replica() as replica:
        port = int(replica.proxy_url.rpartition(":")[2])
        with (
            pytest.raises(UserError, match=f"端口 {port}"),
            running_replica(load_scenario("zhanjiang_2021q1"), port),
        ):
            pass
