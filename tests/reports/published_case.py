"""Published files for reports to read: the model circular's quarter, and whatever a test makes of it."""

import hashlib
import json

from marts_tables import Marts, Subject

from settings import Settings

STALE = "检测时间点前2周无更新"

ACCOUNTS = [
    ("湛江市e警通", "市公安局", "douyin", {"M2.1": STALE}),
    ("湛江霞山交警", "市公安局", "douyin", {"M2.1": STALE}),
    ("湛江交警", "市公安局", "kuaishou", {"M2.1": STALE}),
    ("湛江市赤坎区应急管理局", "赤坎区政府", "wechat", {"M3.1": "缺有效互动渠道菜单功能"}),
    ("麻章风采", "麻章区政府", "weibo", {"M2.1": STALE}),
    ("平安徐闻", "徐闻县政府", "wechat", {"M2.1": STALE}),
]
OFFICE = "湛江市人民政府地方志办公室"
WEBSITES = [
    ("坡头区政府网", "坡头区人民政府", "portal", {"W4.1": "多个栏目长期未更新"}),
    ("麻章区政府网", "麻章区人民政府", "portal", {"W1": "内容发布审核不严（伪造发稿日期）"}),
    (OFFICE, OFFICE, "channel", {"W4.1": "空白栏目数量超过5个"}),
    ("市民政局", "市民政局", "channel", {"W1": "内容发布审核不严（文不对题）"}),
    *[(f"合成门户{n}", "合成单位", "portal", {"SCORE": "评分低于60分"}) for n in range(3)],
]


def subject(kind: str, number: int, row: tuple[str, str, str, dict[str, str]]) -> Subject:
    name, organiser, group, findings = row
    measured = "55 分" if "SCORE" in findings else "0 条"
    return Subject(kind, f"{kind}{number:03}", name, organiser, group, dict(findings), measured=measured)


def model_quarter() -> list[Subject]:
    """216 accounts, six of which fail; 47 websites, of which four fail by a veto and three by score."""
    accounts = ACCOUNTS + [(f"合成账号{n}", "合成单位", ("wechat", "weibo")[n % 2], {}) for n in range(210)]
    classes = ["portal"] * 6 + ["standalone"] * 5 + ["channel"] * 29
    sites = WEBSITES + [(f"合成网站{n}", "合成单位", group, {}) for n, group in enumerate(classes)]
    return [subject("account", n, row) for n, row in enumerate(accounts)] + [
        subject("website", n, row) for n, row in enumerate(sites)
    ]


def publish(settings: Settings, marts: Marts, warnings: tuple[str, ...] = ()) -> None:
    """The published file and its manifest, as the warehouse leaves them."""
    marts.write(settings.published_file)
    sign(settings, warnings)


def sign(settings: Settings, warnings: tuple[str, ...] = ()) -> None:
    """A manifest for the published file as it now is."""
    manifest = {
        "sha256": hashlib.sha256(settings.published_file.read_bytes()).hexdigest(),
        "created_at": "2021-05-11T02:00:00Z",
        "quality": {"status": "warning" if warnings else "pass", "warnings": list(warnings)},
    }
    (settings.published / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
