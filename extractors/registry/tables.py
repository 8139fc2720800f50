"""The registry's tables as data: their columns in English and Chinese, and what each cell may hold."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from extractors.periods import parse_period
from extractors.plan import INDICATOR
from extractors.urls import check_url

# A parser turns a stripped, non-empty cell into a value or raises ValueError saying what to do.
Parser = Callable[[str], Any]

_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+\d+")
# s-: a suspicion; c-: a check that the machine left open.
_SUSPICION = re.compile(r"[sc]-[0-9a-f]{12}")
_UID = {
    "douyin": (
        re.compile(r"MS4wLjABAAAA[\w-]+"),
        "抖音请填 sec_uid（主页网址 /user/ 之后以 MS4wLjABAAAA 开头的一串）",
    ),
    "kuaishou": (re.compile(r"[A-Za-z0-9_-]{5,40}"), "快手请填主页网址 /profile/ 之后的一串"),
    "wechat": (re.compile(r"[A-Za-z0-9+/_-]+={0,2}"), "微信请填 __biz（fakeid），如 MzA1MDAwMDAwMQ=="),
    "weibo": (re.compile(r"\d{5,16}"), "微博请填数字 uid"),
}


def text(cell: str) -> str:
    if any(not character.isprintable() for character in cell):
        raise ValueError("含有换行或不可见字符，请删去")
    return cell


def identifier(cell: str) -> str:
    if _SCIENTIFIC.fullmatch(cell):
        raise ValueError("长数字被 Excel 改成了科学计数法，请把该列设为文本后重新填写")
    return text(cell)


def day(cell: str) -> date:
    """``2021-03-31``, ``2021/3/31`` or ``2021年3月31日``."""
    match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?", cell)
    if match is None:
        raise ValueError("日期应如 2021-03-31")
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        raise ValueError("没有这一天，请核对") from None


def suspicion_id(cell: str) -> str:
    if not _SUSPICION.fullmatch(cell):
        raise ValueError("线索编号应如 s-0123456789ab、c-0123456789ab，请照抄 xunjian suspicions 所印")
    return cell


def whole_number(cell: str) -> int:
    try:
        number = float(cell)
    except ValueError:
        raise ValueError("应为整数") from None
    if not number.is_integer() or not 0 <= number < 2**31:
        raise ValueError("应为不小于 0 的整数")
    return int(number)


def positive_number(cell: str) -> int:
    number = whole_number(cell)
    if number == 0:
        raise ValueError("应为大于 0 的整数")
    return number


def score(cell: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        raise ValueError("得分应为数字") from None
    if not 0 <= number <= 130:
        raise ValueError("得分应在 0 到 130 之间（扣分 100 分，加分 30 分）")
    return number


def url(cell: str) -> str:
    check_url(cell)
    return cell


def period(cell: str) -> str:
    return str(parse_period(cell))


def indicator(cell: str) -> str:
    if not INDICATOR.fullmatch(cell):
        raise ValueError("不认识的指标，应如 W1、M3.1")
    return cell


def indicators(cell: str) -> list[str]:
    """``W6`` or ``W5、W6``: several, with any of the usual separators between them."""
    return [indicator(part) for part in re.split(r"[\s,，、;；]+", cell) if part]


def choice(**words: tuple[str, ...]) -> Parser:
    """One of the keys; each may be written by its Chinese words too."""
    by_word = {word: key for key, zh in words.items() for word in (key, *zh)}
    allowed = "、".join(f"{key}（{zh[0]}）" for key, zh in words.items())

    def parse(cell: str) -> str:
        if cell.lower() in by_word:
            return by_word[cell.lower()]
        raise ValueError(f"应为 {allowed} 之一")

    return parse


platform = choice(
    douyin=("抖音", "抖音短视频", "抖音号"),
    kuaishou=("快手", "快手短视频"),
    wechat=("微信", "微信公众号", "微信号", "微信订阅号", "微信服务号"),
    weibo=("微博", "新浪微博"),
)
status = choice(active=("正常运行", "正常"), closing=("申请关停",), closed=("已关停", "关停"))
site_class = choice(portal=("门户网站", "政府门户网站"), standalone=("独立站点",), channel=("子频道",))
column_class = choice(
    news=("动态要闻",),
    notice=("通知公告",),
    policy=("政策文件",),
    interaction=("互动交流",),
    consultation=("咨询投诉", "政务咨询"),
    service=("办事服务",),
    other=("其他",),
)
decision = choice(confirmed=("属实",), cleared=("排除",))
subject_kind = choice(website=("网站", "政府网站"), account=("账号", "新媒体", "政务新媒体"))


def check_uid(platform_code: str, uid: str) -> None:
    """Raises ``ValueError`` where ``uid`` cannot be an id of that platform."""
    pattern, advice = _UID[platform_code]
    if not pattern.fullmatch(uid):
        raise ValueError(advice)
    if platform_code == "wechat":
        try:
            decoded = base64.b64decode(uid, altchars=b"-_", validate=True) if uid.endswith("=") else b"0"
        except (binascii.Error, ValueError):
            raise ValueError(advice) from None
        if not decoded.isdigit():
            raise ValueError(advice)


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    zh: tuple[str, ...]
    parse: Parser = text
    required: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]


# What a subject has no function for: 没有对外服务职能的，不检查涉及办事服务的指标 (国办秘函〔2019〕19号).
EXEMPT = Field("exempt_indicators", ("不适用指标",), indicators, required=False)

ACCOUNTS = Table(
    "accounts",
    (
        Field("platform", ("平台", "第三方平台"), platform),
        Field("platform_uid", ("账号标识",), identifier),
        Field("account_name", ("账号名称", "新媒体名称")),
        Field("organiser", ("主办单位",)),
        Field("supervisor", ("主管单位",), required=False),
        Field("district", ("地区",), required=False),
        Field("status", ("状态",), status),
        Field("opened_on", ("开设日期",), day, required=False),
        Field("closed_on", ("关停日期",), day, required=False),
        EXEMPT,
    ),
    key=("platform", "platform_uid"),
)
WEBSITES = Table(
    "websites",
    (
        Field("site_code", ("网站标识码",), identifier),
        Field("site_name", ("网站名称",)),
        Field("site_class", ("网站类别",), site_class),
        Field("organiser", ("主办单位",)),
        Field("supervisor", ("主管单位",), required=False),
        Field("district", ("地区",), required=False),
        Field("home_url", ("首页地址", "首页网址"), url),
        Field("status", ("状态",), status),
        EXEMPT,
    ),
    key=("site_code",),
)
COLUMNS = Table(
    "columns",
    (
        Field("site_code", ("网站标识码",), identifier),
        Field("column_name", ("栏目名称",)),
        Field("column_class", ("栏目类别",), column_class),
        Field("url", ("网址", "栏目地址"), url),
        Field("update_within_days", ("更新期限",), positive_number, required=False),
        Field("column_level", ("栏目级别",), positive_number, required=False),
    ),
    key=("site_code", "column_name"),
)
MANUAL_FINDINGS = Table(
    "manual_findings",
    (
        Field("period", ("季度",), period),
        Field("subject_kind", ("对象类别",), subject_kind),
        Field("subject_id", ("对象标识",), identifier),
        Field("indicator", ("指标",), indicator),
        Field("problem", ("存在的突出问题", "问题")),
        Field("observed_on", ("发现日期",), day),
        Field("evidence_file", ("证据文件",), required=False),
        Field("reviewer", ("复核人",)),
    ),
    key=("period", "subject_kind", "subject_id", "indicator", "problem"),
)
REVIEWS = Table(
    "reviews",
    (
        Field("suspicion_id", ("线索编号",), suspicion_id),
        Field("decision", ("结论",), decision),
        Field("reason", ("理由",)),
        Field("reviewer", ("复核人",)),
        Field("reviewed_on", ("复核日期",), day),
        Field("expires_on", ("有效期", "有效期至"), day, required=False),
    ),
    # A later review of the same suspicion takes the place of the earlier one.
    key=("suspicion_id", "reviewed_on"),
)
MANUAL_SCORES = Table(
    "manual_scores",
    (
        Field("period", ("季度",), period),
        Field("site_code", ("网站标识码",), identifier),
        Field("score", ("得分",), score),
        Field("scored_on", ("评分日期",), day),
        Field("reviewer", ("复核人",)),
    ),
    key=("period", "site_code"),
)
CIRCULARS = Table(
    "circulars",
    (
        Field("circular_id", ("通报编号",), identifier),
        Field("title", ("标题",)),
        Field("organ", ("发文机关",)),
        Field(
            "period", ("季度",), required=False
        ),  # half-years and years too: others' words, kept as printed
        Field("subject_kind", ("对象类别",), subject_kind),
        Field("registered", ("登记数",), whole_number, required=False),
        Field("checked", ("检查数",), whole_number, required=False),
        Field("failed_listed", ("列名不合格数",), whole_number, required=False),
        Field("rate_stated", ("公布合格率",), required=False),
    ),
    key=("circular_id", "subject_kind"),
)
# Accounts known to post daily, looked at to see whether looking works; not inspected themselves.
CANARIES = Table(
    "canaries",
    (
        Field("platform", ("平台", "第三方平台"), platform),
        Field("platform_uid", ("账号标识",), identifier),
        Field("account_name", ("账号名称", "新媒体名称")),
    ),
    key=("platform", "platform_uid"),
)
# Filed holidays and maintenance: who is not warned meanwhile. Verdicts know nothing of it.
QUIET_ALL = "全部"
QUIET_PERIODS = Table(
    "quiet_periods",
    (
        Field("scope", ("对象",)),  # 全部, an organiser, or a subject's id
        Field("from", ("起始日期",), day),
        Field("to", ("截止日期",), day),
        Field("reason", ("事由",)),
    ),
    key=("scope", "from", "to"),
)
# 整改通知: what was sent to the unit, and by when it has to mend it.
RECTIFICATION_NOTICES = Table(
    "rectification_notices",
    (
        Field("period", ("季度",), period),
        Field("subject_id", ("对象标识",), identifier),
        Field("indicator", ("指标",), indicator),
        Field("issued_on", ("下发日期",), day),
        Field("due_on", ("整改期限",), day, required=False),
    ),
    key=("period", "subject_id", "indicator"),
)
# A finding that a reviewer found to be none; until expires_on it is not raised again.
CLEARANCES = Table(
    "clearances",
    (
        Field("period", ("季度",), period),
        Field("subject_id", ("对象标识",), identifier),
        Field("indicator", ("指标",), indicator),
        Field("reason", ("理由",)),
        Field("reviewer", ("复核人",)),
        Field("cleared_on", ("复核日期",), day),
        Field("expires_on", ("有效期至",), day, required=False),
    ),
    key=("period", "subject_id", "indicator"),
)
TABLES = (
    ACCOUNTS,
    WEBSITES,
    COLUMNS,
    MANUAL_FINDINGS,
    REVIEWS,
    MANUAL_SCORES,
    CIRCULARS,
    CANARIES,
    QUIET_PERIODS,
    RECTIFICATION_NOTICES,
    CLEARANCES,
)


def as_cell(value: Any) -> str:
    """A spreadsheet's cell as the text a CSV would hold."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}" if abs(value) < 1e15 else f"{value:E}"
    return str(value)
