"""The tables of docs/websites.md, out of what ``deploy.site_bench`` measured."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from deploy.site_truth import Key, Site, by_kind, expected_state
from extractors.records import Visit
from extractors.registry import Registry
from extractors.websites.discovery import Discovery
from replica.scenario import Scenario

NAMES = {
    "nfcms": "NFCMS 广东集约化", "gkmlpt": "gkmlpt 信息公开", "trs": "TRS WCM", "hanweb": "大汉 jpage",
    "table": "generic: table, days in brackets", "cards": "generic: calendar leaves",
    "pathdate": "generic: day only in the address", "ajax": "generic: rows and pages by script",
    "plain": "generic: month and day only", "undated": "generic: no day at all",
}  # fmt: skip


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def items_table(
    well: Sequence[Site],
    read: list[dict[Key, date | None]],
    others: list[dict[Key, date | None]],
    texts: dict[Key, str],
    now: dict[Key, str],
) -> str:
    ours, theirs = by_kind(well, read), by_kind(well, others)
    noticed: Counter[str] = Counter()
    filled: Counter[str] = Counter()
    for site in well:
        for column in site.held.columns:
            key = (site.subject.id, column.column.name)
            filled[column.cms] += bool(column.items)
            noticed[column.cms] += bool(column.items) and texts[key] != now[key]
    rows: list[list[object]] = []
    for cms, words in NAMES.items():
        one, other = ours[cms], theirs[cms]
        rows.append([
            words, one["columns"], one["items"], one["found"], one["missed"], one["wrong"], one["undated"],
            f"{other['found'] - other['wrong']} / {other['missed']} / {other['wrong']}",
            f"{noticed[cms]} of {filled[cms]}",
        ])  # fmt: skip
    total = sum(ours.values(), Counter[str]())
    other = sum(theirs.values(), Counter[str]())
    rows.append([
        "**all**", total["columns"], total["items"], total["found"], total["missed"], total["wrong"],
        total["undated"], f"{other['found'] - other['wrong']} / {other['missed']} / {other['wrong']}",
        f"{noticed.total()} of {filled.total()}",
    ])  # fmt: skip
    header = [
        "system", "columns", "items", "found", "missed", "wrongly dated", "no day printed",
        "plain spider: right / missed / wrong", "fetch-and-diff: new items noticed (columns)",
    ]  # fmt: skip
    return f"### Items of every list, read to its end\n\n{table(header, rows)}"


def indicators_table(
    well: Sequence[Site], states: Sequence[tuple[str, str, str, str]], point: datetime
) -> str:
    """``states``: site, column ("" for the home page), indicator, state, as published."""
    by_code = {site.subject.id: site for site in well}
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    judged = right = 0
    for code, column, indicator, state in states:
        if code in by_code:
            site = by_code[code]
            counts[site.cms_of(column) if column else site.held.cms][indicator][state] += 1
            judged += 1
            right += state == expected_state(site, column, indicator, point)
    codes = ["W3", "W4.1", "W4.2", "W4.3"]
    rows = [
        [words, *("<br>".join(f"{s} {n}" for s, n in sorted(counts[cms][c].items())) or "–" for c in codes)]
        for cms, words in NAMES.items()
    ]
    told = f"{right} of {judged} states agree with what was published."
    return f"### System × indicator: pages judged, by state\n\n{told}\n\n{table(['system', *codes], rows)}"


def round_table(
    registry: Registry, well: Sequence[Site], seconds: float, asked: dict[str, Counter[str]]
) -> str:
    all_sites = len(registry.subjects("websites"))
    rows = [
        [
            site.subject.name,
            1 + len(site.subject.columns),
            asked[site.held.host]["ours"],
            asked[site.held.host]["own"],
        ]
        for site in well
    ]
    pace = f"{all_sites * 60 / seconds:.0f} a minute, two at once, no pause"
    speed = f"{all_sites} sites (those of the states healed) in {seconds:.0f} s: {pace}."
    header = ["site", "home + columns", "requests", "the pages' own calls besides"]
    return f"### One daily round\n\n{speed}\n\n{table(header, rows)}"


def columns_table(well: Sequence[Site], found: Sequence[Discovery]) -> str:
    registered = {c.url: c for site in well for c in site.subject.columns}
    proposed = {one.url: one for discovery in found for one in discovery.columns}
    both = registered.keys() & proposed.keys()
    right = sum(proposed[url].column_class == registered[url].column_class for url in both)
    level = sum(proposed[url].level == registered[url].level for url in both)
    days = sum(proposed[url].update_within_days == registered[url].update_within_days for url in both)
    rows = [
        ["columns registered / proposed", f"{len(registered)} / {len(proposed)}"],
        ["precision", f"{len(both) / max(len(proposed), 1):.3f}"],
        ["recall", f"{len(both) / len(registered):.3f}"],
        ["right class, of those found", f"{right} of {len(both)}"],
        ["right level", f"{level} of {len(both)}"],
        ["the same update_within_days", f"{days} of {len(both)}"],
    ]
    return f"### Columns proposed by `registry discover`\n\n{table(['measure', 'value'], rows)}"


def states_table(
    ill: Sequence[Site],
    scenario: Scenario,
    stated: Sequence[Visit],
    said: dict[str, str],
    texts: dict[Key, str],
    now: dict[Key, str],
) -> str:
    rows = []
    for site, visit in zip(ill, stated, strict=True):
        state, column = scenario.states[site.subject.id], site.subject.columns[0].name
        first = next((p for p in visit.pages if p.column_name == column and p.page_kind == "column"), None)
        key = (site.subject.id, column)
        changed = "changed" if texts[key] != now[key] else "no change"
        rows.append(
            [state.zh, visit.outcome, first.outcome if first else "–", said[site.subject.id], changed]
        )
    header = [
        "state (nothing new was published)",
        "site",
        "its first column",
        "plain spider",
        "fetch-and-diff",
    ]
    return f"### States that are not “no updates”\n\n{table(header, rows)}"
