"""Proposing a site's columns: the judgements alone, and the walk against what the replica knows."""

import asyncio
import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from extractors.browser import Browser
from extractors.records import Subject
from extractors.registry import read_registry
from extractors.websites.discovery import HEADER, Discovery, discover
from extractors.websites.navigation import Way, class_of, plain_name, propose, rhythm, update_period, ways_in
from extractors.websites.pages import HtmlPage
from replica.scenario import BUNDLED
from replica.server import RunningReplica, running_replica
from settings import Settings

REGISTRY = read_registry(BUNDLED / "site_kinds" / "registry")
HOME = "http://www.hecheng.gov.cn/"


@pytest.mark.parametrize(
    ("name", "column_type", "gap", "expected"),
    [
        ("曝光台", "新闻/工作动态", None, "news"),
        ("镇街之窗", "", None, "news"),
        ("部门文件", "信息公开", None, "policy"),
        ("通知公告", "政策文件", None, "policy"),
        ("事故通报", "", 2.0, "notice"),
        ("民意征集", "", None, "interaction"),
        ("本地一线", "", 3.0, "news"),
        ("本地一线", "", 20.0, "other"),
        ("本地一线", "", None, "other"),
    ],
)
def test_classes(name: str, column_type: str, gap: float | None, expected: str) -> None:
    assert class_of(name, column_type, gap) == expected


def test_periods_follow_the_clause_else_the_rhythm() -> None:
    days = [date(2021, 3, 30) - timedelta(days=10 * n) for n in range(5)]
    assert rhythm(days) == 10.0
    assert rhythm(days[:3]) is None
    assert (update_period("news", 10.0), update_period("policy", None)) == (14, 180)
    assert (update_period("other", 10.0), update_period("other", 400.0), update_period("other", None)) == (
        30, 365, None,
    )  # fmt: skip


def test_ways_in_are_not_articles_nor_other_sites() -> None:
    html = """
      <div class="nav"><a href="/">首页</a><a href="/yw/">合成要闻</a><a href="/yw/index.html">要闻</a>
      <a href="http://www.other.gov.cn/x/">省政府</a><a href="javascript:f()">换肤</a>
      <a href="/a.pdf">公报</a></div>
      <div><h3>通知公告</h3><a href="/tz/">更多&gt;&gt;</a></div>
      <ul><li><a href="/yw/202103/t20210330_1.html">召开会议</a></li>
      <li><a href="/n/1.html">一篇文章</a></li></ul>"""
    found = ways_in(HtmlPage(HOME, html), HOME, 1, frozenset({f"{HOME}n/1.html"}))
    assert found == (Way("合成要闻", f"{HOME}yw/", 1), Way("通知公告", f"{HOME}tz/", 1, is_sure=False))
    inside = ways_in(HtmlPage(f"{HOME}gaj/", html), f"{HOME}gaj/", 1, frozenset())
    assert inside == (), "a channel's columns lie below it"


def test_a_proposal_is_safe_in_a_spreadsheet() -> None:
    page = HtmlPage(HOME, '<meta name="ColumnName" content="=cmd|\' /C calc\'!A0">')
    proposal = propose(page, Way("公告", f"{HOME}gg/", 2), [])
    assert proposal.name[0] not in "=+-@"
    assert plain_name("  通知\u200b 公告 >> ") == "通知 公告"
    found = Discovery("4499990001", [proposal])
    [header, row] = csv.reader(io.StringIO(found.as_csv()))
    assert tuple(header) == HEADER
    assert row[0] == "4499990001"


@pytest.fixture(scope="module")
def replica() -> Iterator[RunningReplica]:
    with running_replica("site_kinds") as replica:
        yield replica


async def discover_all(sites: list[Subject], settings: Settings) -> list[Discovery]:
    at_once = asyncio.Semaphore(5)
    async with Browser(settings) as browser:

        async def one(site: Subject) -> Discovery:
            async with at_once:
                return await discover(browser, site, settings)

        return await asyncio.gather(*map(one, sites))


@pytest.mark.browser
async def test_every_column_of_every_kind_is_proposed(replica: RunningReplica, tmp_path: Path) -> None:
    sites = [site for site in REGISTRY.subjects("websites") if site.id not in replica.scenario.states]
    settings = Settings(data=tmp_path, proxy=replica.proxy_url, tls_verify=False, pace_seconds=0)
    for site, found in zip(sites, await discover_all(sites, settings), strict=True):
        registered = {(one.url, one.name, one.column_class, one.level) for one in site.columns}
        assert {(one.url, one.name, one.column_class, one.level) for one in found.columns} == registered, site
        again = csv.DictReader(io.StringIO(found.as_csv()))
        assert {row["site_code"] for row in again} == {site.id}


@pytest.mark.browser
def test_the_command_writes_where_it_is_told_and_overwrites_nothing(
    replica: RunningReplica, tmp_path: Path
) -> None:
    output = tmp_path / "columns.csv"
    output.write_text("the office's own")
    command = [
        sys.executable, "-m", "xunjian", "registry", "discover", "--site", "4499990107",
        "--registry", str(BUNDLED / "site_kinds" / "registry"), "--output", str(output),
    ]  # fmt: skip
    environment = {
        "PATH": "/usr/bin:/bin", "XUNJIAN_DATA": str(tmp_path / "data"), "XUNJIAN_PROXY": replica.proxy_url,
        "XUNJIAN_TLS_VERIFY": "false", "XUNJIAN_PACE_SECONDS": "0", "HOME": str(tmp_path),
    }  # fmt: skip
    refused = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "已存在" in refused.stderr
    assert output.read_text() == "the office's own"
    done = subprocess.run(
        [*command, "--overwrite"], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "提出 3 个栏目" in done.stderr
    assert [row["column_name"] for row in csv.DictReader(output.open(encoding="utf-8-sig"))] == [
        "应急要闻", "事故通报", "应急预案",
    ]  # fmt: skip
