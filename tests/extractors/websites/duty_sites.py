"""Five small sites, as they are at two visits: every kind of W1 suspicion with the innocents that look like
it, and every way of W5 and W6. What is said here is all that is served; all names are made up.
"""

from pathlib import Path

FIRST = "Wed, 24 Mar 2021 15:30:00 GMT"  # 23:30 in Shanghai: that day is not over
SECOND = "Sat, 27 Mar 2021 01:00:00 GMT"
WARNED = "2021-03-26"
HOST = "www.hecheng.gov.cn"
SITES = {
    "4499990001": HOST,
    "4499990002": "www.gaoxiang.gov.cn",
    "4499990003": "www.anping.gov.cn",
    "4499990004": "www.linhe.gov.cn",
    "4499990005": "www.dongtan.gov.cn",
}
ELEMENTS = ("设定依据", "申请条件", "办理材料", "办理地点", "办理时间", "联系电话", "办理流程")

# name → (day at the first visit, at the second, title on the list); None: not there yet
_NEWS: dict[str, tuple[str | None, str, str]] = {
    "new": (None, "2021-03-26", "新的一条要闻"),
    "today": ("2021-03-24", "2021-03-24", "当日要闻，凌晨发布"),
    "same_day": (None, "2021-03-24", "查看时当日尚未过完"),
    "within": (None, "2021-03-23", "迟到而在允许之内的要闻"),
    "changed": ("2021-03-22", "2021-03-20", "被改过日期的要闻"),
    "late1": (None, "2021-03-20", "补填日期的要闻甲"),
    "late2": (None, "2021-03-19", "补填日期的要闻乙"),
    "late3": (None, "2021-03-18", "补填日期的要闻丙"),
    "differs": ("2021-03-15", "2021-03-15", "列表与正文日期不一的要闻"),
    "again": ("2021-03-10", "2021-03-10", "换了标题又发的旧稿"),
    "beside": ("2021-03-08", "2021-03-08", "关于春节期间值班安排的通知"),
    "cut": ("2021-03-06", "2021-03-06", "关于做好当前春耕备耕…"),
    "early": ("2021-03-01", "2021-03-01", "早于成文日期的文件"),
    "old": ("2021-01-05", "2021-01-05", "旧稿最初的标题"),
}
_TITLES = {"beside": "全县安全生产工作会议召开", "cut": "关于做好当前春耕备耕工作的通知"}
_PUBLISHED = {"today": "2021-03-24 00:10", "differs": "2021-03-14 17:00"}
_TEXTS = {"again": "旧稿", "old": "旧稿"}


def pages(*, second: bool) -> dict[str, str | int]:
    """Host and path → the page there, or the status that is answered in its place."""
    served: dict[str, str | int] = {}
    for code, host in SITES.items():
        links = "".join(
            f"<li><a href='/yw/{n}.html'>首页要闻第{n}条</a><span>2021-03-2{n}</span></li>" for n in (2, 1, 0)
        )
        links += "<a href='/zx/'>咨询投诉</a>" if code in ("4499990002", "4499990003") else ""
        served[f"{host}/"] = _page(code, f"<ul class='list'>{links}</ul>")
    served |= _first_site(second=second)
    served |= {
        # a message that waited since November; five guides without anything
        "www.gaoxiang.gov.cn/zx/": _page(
            "4499990002", _messages(("2021-01-02", "2021-01-05"), ("2020-11-20", ""))
        ),
        "www.gaoxiang.gov.cn/bs/": _page("4499990002", _items(6)),
        # all answered in time; guides with everything
        "www.anping.gov.cn/zx/": _page(
            "4499990003", _messages(("2021-02-02", ""), ("2020-11-20", "2020-12-01"))
        ),
        "www.anping.gov.cn/bs/": _page("4499990003", _items(6)),
        # only a special channel; services elsewhere
        "www.linhe.gov.cn/xf/": _page("4499990004", _messages(("2020-11-20", ""))),
        # a form and no list; three guides, none with enough
        "www.dongtan.gov.cn/zx/": _page("4499990005", "<form><input name='t'>我要留言</form>"),
        "www.dongtan.gov.cn/bs/": _page("4499990005", _items(3)),
    }
    for n in range(6):
        served[f"www.gaoxiang.gov.cn/bs/{n}.html"] = _guide("4499990002", ELEMENTS[:3] if n < 5 else ELEMENTS)
        served[f"www.anping.gov.cn/bs/{n}.html"] = _guide("4499990003", ELEMENTS)
        served[f"www.dongtan.gov.cn/bs/{n}.html"] = _guide("4499990005", ELEMENTS[:3])
    return served


def write_registry(folder: Path, reviews: str = "") -> None:
    """The office's files for these sites; ``reviews`` are rows without the header."""
    folder.mkdir(exist_ok=True)
    sites = "".join(
        f"{code},{_name(code)},channel,合成局,http://{host}/,active\n" for code, host in SITES.items()
    )
    columns = [f"4499990001,要闻,news,http://{HOST}/yw/", f"4499990001,公告,notice,http://{HOST}/gg/"]
    columns += [f"{code},咨询投诉,consultation,http://{SITES[code]}/zx/" for code in list(SITES)[1:3]]
    columns += [f"{code},办事服务,service,http://{SITES[code]}/bs/" for code in list(SITES)[1:3]]
    columns += ["4499990004,网上信访,consultation,http://www.linhe.gov.cn/xf/"]
    columns += ["4499990004,办事服务,service,https://www.gdzwfw.gov.cn/portal/v2/linhe"]
    columns += ["4499990005,咨询投诉,consultation,http://www.dongtan.gov.cn/zx/"]
    columns += ["4499990005,办事服务,service,http://www.dongtan.gov.cn/bs/"]
    files = {
        "websites.csv": "site_code,site_name,site_class,organiser,home_url,status\n" + sites,
        "columns.csv": "site_code,column_name,column_class,url\n" + "\n".join(columns) + "\n",
        "manual_findings.csv": "period,subject_kind,subject_id,indicator,problem,observed_on,reviewer\n"
        f"2021Q1,website,4499990001,W4.1,栏目不更新,{WARNED},甲\n",
        "reviews.csv": "suspicion_id,decision,reason,reviewer,reviewed_on,expires_on\n" + reviews,
        "plan.yml": "period: 2021Q1\nsampling: {from: 2021-01-01, to: 2021-03-31}\n"
        'monitoring_points: ["2021-03-31T23:59:59+08:00"]\nindicators: [W1, W5, W6]\n'
        "since: 2020-09-01\nlate_days: 5\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _first_site(*, second: bool) -> dict[str, str | int]:
    days = {name: told[1 if second else 0] for name, told in _NEWS.items()}
    rows = "".join(
        f"<li><a href='/yw/content/post_{name}.html' title='{_NEWS[name][2]}'>要闻</a><span>{day}</span></li>"
        for name, day in days.items()
        if day
    )
    served: dict[str, str | int] = {
        f"{HOST}/yw/": _page("4499990001", f"<ul class='news_list'>{rows}</ul>"),
        # At the first visit this list could not be read, so nothing on it is late at the second.
        f"{HOST}/gg/": _page(
            "4499990001",
            "<ul class='news_list'>"
            + "".join(
                f"<li><a href='/gg/{n}.html'>合成公告第{n}号</a><span>2021-03-0{n}</span></li>"
                for n in (3, 2, 1)
            )
            + "</ul>",
        )
        if second
        else 503,
    }
    for name, day in days.items():
        if day:
            title = _TITLES.get(name, _NEWS[name][2])
            text = f"<p>{_TEXTS.get(name, title)}：{'合成县各项工作有序推进，各单位抓好落实。' * 5}</p>"
            signed = "<p>2021年3月5日</p>" if name == "early" else ""
            head = f"<meta name='ArticleTitle' content='{title}'>"
            head += f"<meta name='PubDate' content='{_PUBLISHED.get(name, f'{day} 09:00')}'>"
            body = f"<div class='nfw-cms-content'>{text}{signed}</div>"
            served[f"{HOST}/yw/content/post_{name}.html"] = _page("4499990001", body, head)
    return served


def _name(code: str) -> str:
    return f"合成网{code[-1]}"


def _page(code: str, body: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{_name(code)}</title>"
        f"<meta name='SiteName' content='{_name(code)}'><meta name='SiteIDCode' content='{code}'>{head}"
        f"</head><body>{body}</body></html>"
    )


def _messages(*asked: tuple[str, str]) -> str:
    rows = "".join(
        f"<tr><td><a href='{n}.html'>关于某事的咨询</a></td><td>{day}</td><td>{reply}</td></tr>"
        for n, (day, reply) in enumerate(asked)
    )
    return f"<table><tr><th>主题</th><th>来信时间</th><th>回复时间</th></tr>{rows}</table>"


def _items(count: int) -> str:
    return (
        "<ul>"
        + "".join(f"<li><a href='/bs/{n}.html'>合成事项第{n}项</a></li>" for n in range(count))
        + "</ul>"
    )


def _guide(code: str, elements: tuple[str, ...]) -> str:
    rows = "".join(
        f"<tr><th>{element}</th><td>{'有' if element in elements else '暂无'}</td></tr>"
        for element in ELEMENTS
    )
    return _page(code, f"<h1>合成事项</h1><table>{rows}</table>")
