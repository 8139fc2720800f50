"""A small registry of our own, read by the real reader, and settings that point into a temporary folder."""

from pathlib import Path

import pytest

from extractors.registry import Registry, read_registry
from settings import Settings

ACCOUNTS = """platform,platform_uid,account_name,organiser,supervisor,district,status,opened_on,closed_on
douyin,MS4wLjABAAAAsyntheticSyntheticSyntheticSynthetic_c01,合成县发布,合成县政府办,,,active,,
douyin,MS4wLjABAAAAsyntheticSyntheticSyntheticSynthetic_c02,合成县公安,合成县公安局,,,active,,
kuaishou,3xsynthetic00001,合成县发布,合成县政府办,,,active,,
weibo,6100000007,合成县发布,合成县政府办,,,closed,,2020-05-01
wechat,MzA2MTAwMDAwNw==,合成县发布,合成县政府办,,,active,,
"""
WEBSITES = """site_code,site_name,site_class,organiser,supervisor,district,home_url,status
4499990001,合成县政府网,portal,合成县政府,,,http://www.hecheng.gov.cn/,active
4499990002,合成县公安局,channel,合成县公安局,,,http://www.hecheng.gov.cn/gaj/,active
4499990003,合成县教育局,channel,合成县教育局,,,http://www.hecheng.gov.cn/jyj/,active
4499990004,合成文旅网,standalone,合成县文旅局,,,http://wl.hecheng.gov.cn/,active
4499990005,合成人才网,standalone,合成县人社局,,,http://rc.hecheng.gov.cn/,active
"""
COLUMNS = """site_code,column_name,column_class,url,update_within_days
4499990001,合成要闻,news,http://www.hecheng.gov.cn/yw/,14
"""
EMPTY = {
    "manual_findings": "period,subject_kind,subject_id,indicator,problem,observed_on,evidence_file,"
    "reviewer\n",
    "manual_scores": "period,site_code,score,scored_on,reviewer\n",
    "circulars": "circular_id,title,organ,period,subject_kind,registered,checked,failed_listed,rate_stated\n",
}
PLAN = """period: 2021Q1
sampling: {from: 2021-01-01, to: 2021-03-31}
monitoring_points: ["2021-03-31T23:59:59+08:00"]
indicators: [M2]
since: "2020-09-01T00:00:00+08:00"
"""


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    folder = tmp_path / "registry"
    folder.mkdir()
    tables = {"accounts": ACCOUNTS, "websites": WEBSITES, "columns": COLUMNS, **EMPTY}
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "plan.yml").write_text(PLAN, encoding="utf-8")
    return read_registry(folder)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", sessions=tmp_path / "sessions", pace_seconds=0)
