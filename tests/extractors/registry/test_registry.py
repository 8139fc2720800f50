"""Bad input: every fault at once, each with file, row, column and what to do; nothing half-loaded."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from errors import UserError
from extractors.registry import RegistryErrors, read_registry, read_registry_for
from extractors.registry.tables import TABLES, Table
from settings import PROJECT

PLAN = """
period: 2021Q1
sampling: {from: 2021-01-01, to: 2021-03-31}
monitoring_points: [2021-03-31T23:59:59+08:00]
indicators: [W1, W3, W4, SCORE, M1, M2, M3]
since: 2020-09-01
"""
FILES = {
    "accounts": "platform,platform_uid,account_name,organiser,supervisor,district,status,"
    "opened_on,closed_on\n"
    "weibo,2000000001,示例发布,示例县政府,,示例县,active,2019-01-02,\n"
    "wechat,MzA1MDAwMDAwMQ==,示例微信,示例县政府,,示例县,closing,,\n"
    "douyin,MS4wLjABAAAAexample_1,示例抖音,示例县政府,,示例县,closed,,2021-01-05\n",
    "websites": "site_code,site_name,site_class,organiser,supervisor,district,home_url,status\n"
    "4408000001,示例县政府网,portal,示例县政府,,示例县,http://www.example.gov.cn/,active\n",
    "columns": "site_code,column_name,column_class,url,update_within_days\n"
    "4408000001,要闻,news,http://www.example.gov.cn/yw/,14\n",
    "manual_findings": "period,subject_kind,subject_id,indicator,problem,observed_on,"
    "evidence_file,reviewer\n"
    "2021Q1,account,weibo:2000000001,M3.1,缺菜单,2021-03-20,proof.txt,张三\n",
    "manual_scores": "period,site_code,score,scored_on,reviewer\n2021Q1,4408000001,88.5,2021-03-30,张三\n",
    "circulars": "circular_id,title,organ,period,subject_kind,registered,checked,failed_listed,rate_stated\n"
    "01,某通报,某办,2021Q1,website,47,47,4,85%\n",
}


def make(directory: Path, encoding: str = "utf-8", **changed: str) -> Path:
    for name, content in (FILES | changed).items():
        (directory / f"{name}.csv").write_bytes(content.encode(encoding))
    (directory / "plan.yml").write_text(PLAN, encoding="utf-8")
    (directory / "proof.txt").write_text("截图", encoding="utf-8")
    return directory


def errors_of(directory: Path) -> list[str]:
    with pytest.raises(RegistryErrors) as caught:
        read_registry(directory)
    return caught.value.errors


def test_a_good_registry(tmp_path: Path) -> None:
    registry = read_registry(make(tmp_path))
    assert [subject.id for subject in registry.subjects()] == [
        "weibo:2000000001",
        "wechat:MzA1MDAwMDAwMQ==",
        "4408000001",
    ], "closed accounts are not looked at; active and closing ones are"
    site = registry.subjects("websites")[0]
    assert site.columns[0].update_within_days == 14
    assert site.columns[0].level == 1
    assert registry.accounts[0]["opened_on"] == date(2019, 1, 2)
    assert [s.id for s in registry.subjects("platform", "weibo:2000000001")] == ["weibo:2000000001"]
    with pytest.raises(UserError, match="台账中没有"):
        registry.subjects(subject_id="weibo:1")


def test_canaries_vouch_for_the_looking_and_are_not_inspected(tmp_path: Path) -> None:
    canaries = "平台,账号标识,账号名称\n新浪微博,2000000009,示例日更\n"
    registry = read_registry(make(tmp_path, canaries=canaries))
    assert registry.canaries == [
        {"platform": "weibo", "platform_uid": "2000000009", "account_name": "示例日更"}
    ]
    assert "weibo:2000000009" not in [subject.id for subject in registry.subjects()]


def test_a_bad_canary_is_named(tmp_path: Path) -> None:
    canaries = "platform,platform_uid,account_name\nweibo,2000000001,示例发布\nweibo,abc,示例日更\n"
    errors = errors_of(make(tmp_path, canaries=canaries))
    assert errors == [
        "canaries.csv 第 3 行 “platform_uid”列：微博请填数字 uid",
        "canaries.csv 第 2 行 “platform_uid”列：这个账号也在 accounts 表中；"
        "对照账号不得是被检查的账号，请换一个",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_of_the_office(tmp_path: Path, encoding: str) -> None:
    assert read_registry(make(tmp_path, encoding)).accounts[0]["account_name"] == "示例发布"


def test_chinese_headers_and_values(tmp_path: Path) -> None:
    accounts = (
        "平台,账号标识,账号名称,主办单位,状态,开设日期\n"
        "新浪微博,2000000001,示例发布,示例县政府,正常运行,2019年1月2日\n"
    )
    registry = read_registry(make(tmp_path, accounts=accounts))
    assert registry.accounts[0]["platform"] == "weibo"
    assert registry.accounts[0]["status"] == "active"
    assert registry.accounts[0]["opened_on"] == date(2019, 1, 2)


def test_xlsx_with_dates_and_numbers(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "accounts.csv").unlink()
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["平台", "账号标识", "账号名称", "主办单位", "状态", "开设日期"])
    sheet.append(["微博", 2000000001, "示例发布", "示例县政府", "正常运行", datetime(2019, 1, 2)])  # noqa: DTZ001
    book.save(tmp_path / "accounts.xlsx")
    registry = read_registry(tmp_path)
    assert registry.accounts[0]["platform_uid"] == "2000000001"
    assert registry.accounts[0]["opened_on"] == date(2019, 1, 2)


ACCOUNTS_HEADER = FILES["accounts"].splitlines()[0] + "\n"
WEBSITES_HEADER = FILES["websites"].splitlines()[0] + "\n"
COLUMNS_HEADER = FILES["columns"].splitlines()[0] + "\n"
FINDINGS_HEADER = FILES["manual_findings"].splitlines()[0] + "\n"
SCORES_HEADER = FILES["manual_scores"].splitlines()[0] + "\n"


@pytest.mark.parametrize(
    ("table", "content", "said"),
    [
        ("accounts", ACCOUNTS_HEADER + "tiktok,1,甲,乙,,,active,,\n", "第 2 行 “platform”列"),
        ("accounts", ACCOUNTS_HEADER + "weibo,abc,甲,乙,,,active,,\n", "数字 uid"),
        ("accounts", ACCOUNTS_HEADER + "weibo,2.0E+09,甲,乙,,,active,,\n", "科学计数法"),
        ("accounts", ACCOUNTS_HEADER + "douyin,shilixian_fabu,甲,乙,,,active,,\n", "sec_uid"),
        ("accounts", ACCOUNTS_HEADER + "wechat,gh_0123456789ab==,甲,乙,,,active,,\n", "__biz"),
        ("accounts", ACCOUNTS_HEADER + "weibo,2000000001,,乙,,,active,,\n", "“account_name”列：不得为空"),
        ("accounts", ACCOUNTS_HEADER + "weibo,2000000001,甲,乙,,,运行,,\n", "“status”列"),
        ("accounts", ACCOUNTS_HEADER + "weibo,2000000001,甲,乙,,,active,2021-02-30,\n", "没有这一天"),
        ("accounts", ACCOUNTS_HEADER + "weibo,2000000001,甲,乙,,,active,,2021-02-03\n", "请改其一"),
        ("accounts", ACCOUNTS_HEADER + "weibo,2000000001,甲,乙,,,closed,2021-03-01,2021-02-03\n", "早于开设"),
        ("accounts", ACCOUNTS_HEADER + 'weibo,2000000001,"甲\n乙",丙,,,active,,\n', "不可见字符"),
        ("accounts", ACCOUNTS_HEADER + "weibo,2000000001,甲,乙,,,active,,,多余\n", "有 10 格"),
        ("accounts", FILES["accounts"] + "weibo,2000000001,甲,乙,,,active,,\n", "与第 2 行重复"),
        ("accounts", ACCOUNTS_HEADER.replace("organiser,", ""), "缺少列 organiser（主办单位）"),
        ("accounts", ACCOUNTS_HEADER.replace("district", "status"), "出现了两次"),
        ("accounts", ACCOUNTS_HEADER + '"weibo,2000000001\n', "引号"),
        ("accounts", "", "文件是空的"),
        ("websites", WEBSITES_HEADER + "44,甲,portal,乙,,,ftp://a.gov.cn/,active\n", "http:// 或 https://"),
        ("websites", WEBSITES_HEADER + "44,甲,portal,乙,,,http://127.0.0.1/,active\n", "本机或内网"),
        ("websites", WEBSITES_HEADER + "44,甲,区县,乙,,,http://a.gov.cn/,active\n", "门户网站"),
        ("columns", COLUMNS_HEADER + "99,要闻,news,http://a.gov.cn/,14\n", "不在 websites 表中"),
        ("columns", COLUMNS_HEADER + "4408000001,要闻,news,http://a.gov.cn/,0\n", "大于 0"),
        ("columns", COLUMNS_HEADER + "4408000001,要闻,news,http://a.gov.cn/,两周\n", "应为整数"),
        (
            "manual_findings",
            FINDINGS_HEADER + "2021Q1,account,weibo:9,M1,坏,2021-03-01,,张三\n",
            "不在台账中",
        ),
        (
            "manual_findings",
            FINDINGS_HEADER + "2021Q1,account,weibo:2000000001,W1,坏,2021-03-01,,张三\n",
            "不适用于这类对象",
        ),
        (
            "manual_findings",
            FINDINGS_HEADER + "2021Q1,account,weibo:2000000001,M1,坏,2021-03-01,../secret,张三\n",
            "台账目录之内",
        ),
        (
            "manual_findings",
            FINDINGS_HEADER + "2021Q1,account,weibo:2000000001,M1,坏,2021-03-01,,\n",
            "“reviewer”列：不得为空",
        ),
        ("manual_scores", SCORES_HEADER + "2021Q1,4408000001,131,2021-03-01,张三\n", "0 到 130"),
        ("manual_scores", SCORES_HEADER + "2021Q9,4408000001,90,2021-03-01,张三\n", "2021Q1"),
        ("circulars", FILES["circulars"].replace("47,47", "很多,47"), "应为整数"),
    ],
)
def test_bad_input_names_row_column_and_remedy(tmp_path: Path, table: str, content: str, said: str) -> None:
    errors = errors_of(make(tmp_path, **{table: content}))
    assert any(said in error for error in errors), errors
    assert all(error.startswith(f"{table}.csv") for error in errors), errors


def test_all_faults_at_once(tmp_path: Path) -> None:
    directory = make(
        tmp_path,
        accounts=ACCOUNTS_HEADER + "tiktok,1,甲,乙,,,active,,\nweibo,x,,乙,,,active,,\n",
        websites=WEBSITES_HEADER + "44,甲,portal,乙,,,nowhere,active\n",
    )
    (directory / "plan.yml").write_text(PLAN.replace("2021Q1", "2021"), encoding="utf-8")
    errors = errors_of(directory)
    assert len(errors) == 4, errors  # platform; name; home_url; plan — the uid of a broken row is not judged
    assert {error.split(" ")[0].split("，")[0] for error in errors} == {
        "accounts.csv",
        "websites.csv",
        "plan.yml",
    }


def test_not_a_text_and_not_a_workbook(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "accounts.csv").write_bytes(b"\xff\xfe\x00\x01\x81")
    assert "UTF-8 或 GBK" in errors_of(tmp_path)[0]
    (tmp_path / "accounts.csv").rename(tmp_path / "accounts.xlsx")
    assert "XLSX" in errors_of(tmp_path)[0]


def test_two_files_for_one_table(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "accounts.xlsx").write_bytes(b"x")
    assert "只留一个" in errors_of(tmp_path)[0]


def test_an_unknown_column_is_said_not_read(tmp_path: Path) -> None:
    registry = read_registry(make(tmp_path, accounts=FILES["accounts"].replace("opened_on", "openedon")))
    assert "opened_on" in registry.notices[0]
    assert registry.accounts[0]["opened_on"] is None


def test_the_plan_must_be_of_the_period(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="不是 2021Q2 的"):
        read_registry_for(make(tmp_path), "2021Q2")


def test_no_such_directory(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="XUNJIAN_REGISTRY"):
        read_registry(tmp_path / "nowhere")


REVIEWS = "suspicion_id,decision,reason,reviewer,reviewed_on,expires_on\n"


def test_reviews(tmp_path: Path) -> None:
    chinese = (
        "线索编号,结论,理由,复核人,复核日期,有效期\n"
        "s-0123456789ab,排除,补登历史文件,张三,2021-03-20,2021-12-31\n"
        "s-0123456789ac,属实,,张三,2021-03-20,\n"
    )
    assert errors_of(make(tmp_path, reviews=chinese)) == ["reviews.csv 第 3 行 “理由”列：不得为空，请填写"]
    registry = read_registry(make(tmp_path, reviews=chinese.replace("属实,,", "属实,改过日期,")))
    assert [(row["decision"], row["expires_on"]) for row in registry.reviews] == [
        ("cleared", date(2021, 12, 31)),
        ("confirmed", None),
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("1.2E+11,cleared,理由,张三,2021-03-20,2021-12-31", "“suspicion_id”列：“1.2E+11”线索编号应如"),
        ("s-0123456789ab,maybe,理由,张三,2021-03-20,2021-12-31", "confirmed（属实）、cleared（排除） 之一"),
        ("s-0123456789ab,cleared,理由,张三,2021-03-20,", "“expires_on”列：排除的线索、核实的检查"),
        ("c-0123456789ab,confirmed,理由,张三,2021-03-20,", "“expires_on”列：排除的线索、核实的检查"),
        ("s-0123456789ab,cleared,理由,张三,2021-03-20,2021-03-19", "有效期早于复核日期"),
    ],
)
def test_bad_reviews(tmp_path: Path, row: str, fault: str) -> None:
    [error] = errors_of(make(tmp_path, reviews=f"{REVIEWS}{row}\n"))
    assert error.startswith("reviews.csv 第 2 行")
    assert fault in error


def test_classes_for_duties(tmp_path: Path) -> None:
    columns = (
        "网站标识码,栏目名称,栏目类别,网址,更新期限\n"
        "4408000001,咨询,咨询投诉,http://www.example.gov.cn/zx/,\n"
        "4408000001,办事,办事服务,http://www.example.gov.cn/bs/,\n"
    )
    classes = [row["column_class"] for row in read_registry(make(tmp_path, columns=columns)).columns]
    assert classes == ["consultation", "service"]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_guide_tells_every_column_and_which_are_required(table: Table) -> None:
    guide = (PROJECT / "docs" / "registry.md").read_text("utf-8")
    section = guide.partition(f"### {table.name}　")[2].partition("\n#")[0]
    told = {
        (cells[0].strip("★ `"), cells[1], "★" in cells[0])
        for line in section.splitlines()
        if line.startswith("|") and "`" in line
        for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
    }
    assert told == {(field.name, field.zh[0], field.required) for field in table.fields}
