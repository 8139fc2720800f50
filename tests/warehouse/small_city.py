"""A small city with every verdict, each by one subject that is named for it."""

from datetime import date, timedelta
from pathlib import Path

from landed import AFTER_T, WINDOW_START, T, Timeline

ALL_NEWS = [f"要闻{number}" for number in range(1, 7)]
OTHERS = [f"专题{number}" for number in range(1, 7)]
FRESH = [date(2021, 3, 30), date(2021, 3, 20), date(2021, 1, 5)]
OLD = [date(2021, 3, 17), date(2021, 1, 5)]


def small_city(landing: Path) -> Timeline:
    """Every verdict and every reason for one, each by one subject that is named for it."""
    city = Timeline(landing)

    city.look_at_account(
        city.account("10001", account_name="合成按时"), [WINDOW_START + timedelta(seconds=1)]
    )
    city.look_at_account(city.account("10002", account_name="合成超期"), [WINDOW_START])
    city.look_at_account(city.account("10003", account_name="合成受阻"), [], "captcha", reached_end=False)
    partly = city.account("10004", account_name="合成部分")
    city.look_at_account(partly, [T - timedelta(days=30)], "ok_partial")
    retried = city.account("10005", account_name="合成重试")
    city.look_at_account(retried, [], "unreachable", reached_end=False)
    city.look_at_account(retried, [T], attempt=2, at=AFTER_T + timedelta(minutes=5))
    no_menu = city.account("10006", account_name="合成缺菜单")
    city.look_at_account(no_menu, [T])
    city.finding(no_menu, "M3.1", "缺有效互动渠道菜单功能")
    city.account("10007", account_name="合成已关停", status="closed")
    city.account("10008", account_name="合成新开", opened_on=date(2021, 4, 1))

    for code, site_class, home, news, others in [
        ("4408000001", "portal", FRESH, FRESH, FRESH),
        ("4408000002", "portal", FRESH, OLD, FRESH),
        ("4408000003", "channel", FRESH, FRESH, []),
        ("4408000004", "channel", OLD, FRESH, FRESH),
        ("4408000005", "portal", FRESH, FRESH, FRESH),
        ("4408000006", "standalone", "unreachable", "unreachable", "unreachable"),
        ("4408000007", "channel", FRESH, FRESH, FRESH),
    ]:
        city.website(code, site_class)
        city.columns(code, ALL_NEWS)
        city.columns(code, OTHERS, "other")
        pages = {"": home} | dict.fromkeys(ALL_NEWS, news) | dict.fromkeys(OTHERS, others)
        city.look_at_site(code, pages)
    city.score("4408000001", 88.5)
    city.score("4408000002", 40)
    city.score("4408000005", 59.5)
    city.finding("4408000007", "W1", "内容发布审核不严（文不对题）")
    city.circular("通报1", "website", 47, 4, "85%")
    return city
