"""The circular's sentences, from the published numbers alone: one wording for Word, HTML and Markdown."""

from datetime import date

from extractors.periods import date_zh
from reports.published import Problem, Rate, Summary

_DIGITS = "〇一二三四五六七八九"
_RECTIFICATION = {
    "rectified": "已整改",
    "open": "尚在整改期内",
    "overdue": "逾期未整改",
    "repeated": "再次出现",
    "cleared": "经复核撤销",
}
_NAMED = ("overdue", "repeated")
_UNITS = {"website": "政府网站", "account": "政务新媒体"}


def title(summary: Summary, region: str) -> str:
    return f"{summary.period.zh}{region}政府网站与政务新媒体检查情况的通报"


def websites_text(summary: Summary, region: str) -> str:
    """总体情况, websites: how many of each class, the rates. Empty where none is registered."""
    total = summary.total("website")
    if total is None:
        return ""
    classes = summary.breakdown("website", "site_class")
    counts = "、".join(f"{rate.name}{rate.registered}个" for rate in classes)
    rates = "，".join(f"{rate.name}合格率{with_proviso(rate)}" for rate in classes)
    return (
        f"检查采样时间为{sampled(summary)}。{region}登记在运行的政府网站{total.registered}个"
        f"{f'，其中{counts}' if counts else ''}。合格{total.passed}个，不合格{total.failed}个"
        f"（单项否决{len(summary.annex1)}个，评分不达标{len(summary.scored)}个），"
        f"总体合格率{with_proviso(total)}。{f'{rates}。' if rates else ''}"
    )


def accounts_text(summary: Summary, region: str) -> str:
    """总体情况, accounts. Empty where none is registered."""
    total = summary.total("account")
    if total is None:
        return ""
    return (
        f"对{region}已登记的{total.registered}个政务新媒体进行了检查。合格{total.passed}个，"
        f"不合格{total.failed}个，总体合格率{with_proviso(total)}。"
    )


def problem_text(problem: Problem, most: int | None = None) -> str:
    """主要问题: how many, under which clause, and who is named for what; ``most`` names of each at most."""
    said = "；".join(f"{_named(names, most)}{wording}" for wording, names in problem.wordings)
    return (
        f"{problem.subjects}个{_UNITS[problem.subject_kind]}存在此类问题"
        f"（指标{problem.indicator}：{problem.clause}）：{said}。"
    )


def _named(names: tuple[str, ...], most: int | None) -> str:
    if most is None or len(names) <= most:
        return "、".join(names)
    return f"{'、'.join(names[:most])}等{len(names)}个"


def rectification_text(summary: Summary) -> str:
    """整改情况: what became of the findings of earlier periods."""
    findings = summary.rectification
    if not findings:
        return "此前没有登记在案、需要复核整改的问题。"
    told = "，".join(
        f"{zh}{len(findings[state])}个{_whose(state, findings[state])}"
        for state, zh in _RECTIFICATION.items()
        if state in findings
    )
    return f"以往各季度检查发现的问题共{sum(map(len, findings.values()))}个：{told}。"


def _whose(state: str, names: tuple[str, ...]) -> str:
    """Who has not mended it is named, once each."""
    return f"（{'、'.join(dict.fromkeys(names))}）" if state in _NAMED else ""


def with_proviso(rate: Rate) -> str:
    """``85%``, and in words why it is not final where it is not."""
    return f"{rate.text}（{rate.proviso}）" if rate.proviso else rate.text


def sampled(summary: Summary) -> str:
    return span_zh(summary.plan.sampling_from, summary.plan.sampling_to)


def span_zh(first: date, last: date) -> str:
    """As officials write a span of days: ``2021年1月1日至3月31日``; the year again only where it changes."""
    end = date_zh(last)
    return f"{date_zh(first)}至{end.partition('年')[2] if first.year == last.year else end}"


def ordinal_zh(number: int) -> str:
    """1–99 as sections are numbered: 一, 十, 十二, 二十一."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")
