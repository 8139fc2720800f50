"""Titles that an official account or site might give its news. Invented; no real event is meant."""

from random import Random

_PLACES = (
    "某街道",
    "某镇",
    "某社区",
    "工业园区",
    "沿海渔港",
    "城东片区",
    "农贸市场",
    "中心小学",
    "便民服务中心",
)
_THEMES = (
    "春耕备耕",
    "安全生产",
    "森林防火",
    "疫苗接种",
    "文明城市创建",
    "乡村振兴",
    "营商环境",
    "反诈宣传",
    "道路交通安全",
    "食品安全",
    "防汛准备",
    "人居环境整治",
    "基层治理",
    "就业服务",
    "普法宣传",
    "生态环境保护",
    "医保政策",
    "渔业生产",
)
_NEWS = (
    "{theme}工作推进会召开",
    "{place}扎实开展{theme}工作",
    "{theme}专项检查组到{place}检查指导",
    "图片新闻：{place}{theme}现场",
    "{place}组织{theme}培训",
    "聚焦{theme}，{place}在行动",
    "{theme}工作取得阶段性成效",
)
_NOTICES = (
    "关于做好{theme}有关工作的通知",
    "关于{place}{theme}项目的公示",
    "{theme}工作公告（第{n}号）",
    "关于公开征集{theme}意见建议的公告",
    "关于调整{place}服务时间的通告",
    "{theme}专项资金安排公示",
)
_POLICIES = (
    "关于印发《{theme}实施方案》的通知",
    "《{theme}管理办法》",
    "关于修订《{theme}工作细则》的通知",
    "{theme}三年行动计划",
)
_POSTS = (
    "{theme}小贴士，转给身边人",
    "今天，我们在{place}看到了这一幕",
    "一分钟看懂{theme}",
    "{place}{theme}进行时",
    "提醒！{theme}这些事要知道",
    "{theme}知识问答第{n}期",
    "走进{place}：{theme}微记录",
)
_BY_KIND = {"news": _NEWS, "notice": _NOTICES, "policy": _POLICIES, "post": _POSTS}


def title(rng: Random, kind: str) -> str:
    """A title for a ``news``, ``notice`` or ``policy`` item, or an account's ``post``; others are notices."""
    form = rng.choice(_BY_KIND.get(kind, _NOTICES))
    return form.format(place=rng.choice(_PLACES), theme=rng.choice(_THEMES), n=rng.randint(1, 60))
