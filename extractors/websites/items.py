"""What was read of a page, as the records that are landed: items with their days, and the page's own row.

Pure. Where neither a list nor an article dates an item it has no day, and counts as no update:
未注明信息发布时间的视为不更新.
"""

from dataclasses import replace
from itertools import takewhile

from extractors.records import PageVisit, SiteItem
from extractors.websites.articles import read_article
from extractors.websites.opening import Opened
from extractors.websites.pages import HtmlPage
from extractors.websites.rows import Row
from extractors.websites.windows import reach_of

# Articles opened of one page: enough to pass what is pinned on top, few enough to be no burden.
MOST_ARTICLES = 5


def items_of(opened: Opened, rows: tuple[Row, ...], *, first_position: int) -> list[SiteItem]:
    """The rows of a page as items, numbered on from ``first_position``."""
    return [
        SiteItem(
            page_kind=opened.kind,
            column_name=opened.column,
            position=position,
            url=row.url,
            title=row.title,
            claimed_date=row.day.day if row.day else None,
            claimed_raw=row.day.raw if row.day else "",
            claimed_rule=row.day.rule if row.day else "",
            claimed_at=row.at,
            evidence_sha256=opened.sha256,
        )
        for position, row in enumerate(rows, start=first_position)
    ]


def page_visit_of(
    opened: Opened, items: list[SiteItem], seen: int | None, pages: int, *, ended: bool, is_navigation: bool
) -> PageVisit:
    """The row of one page (a column's pages count as one). ``seen``: how much was, where it is no items."""
    days = [item.claimed_date for item in items if item.claimed_date]
    return PageVisit(
        page_kind=opened.kind,
        column_name=opened.column,
        url=opened.url,
        final_url=opened.final_url,
        visited_at=opened.visited_at,
        outcome=opened.outcome,
        detail=opened.detail,
        http_status=opened.loaded.status if opened.loaded else None,
        items_seen=len(items) if seen is None else seen,
        pages=pages,
        oldest_date=min(days, default=None) if opened.kind == "home" else reach_of(days),
        newest_date=max(days, default=None),
        reached_end=ended,
        is_navigation=is_navigation,
        evidence_sha256=opened.sha256 or None,
    )


def told_by_article(item: SiteItem, page: HtmlPage, sha256: str) -> SiteItem:
    """The item with what its article says of itself; the list's day stays where the list printed one."""
    article = read_article(page)
    claimed = article.published
    item = replace(
        item,
        article_sha256=sha256,
        article_title=article.title,
        article_published_at=claimed.at if claimed else None,
        article_published_on=claimed.day if claimed else None,
        document_dated_on=article.document_day,
        article_text_sha256=article.text_sha256,
    )
    if claimed is None:
        return item
    if item.claimed_date is None:
        item = replace(item, claimed_date=claimed.day, claimed_raw=claimed.raw, claimed_rule=claimed.rule)
    return replace(item, claimed_at=claimed.at)


def dated_by(item: SiteItem, other: SiteItem | None) -> SiteItem:
    """An item without a day, dated by what another page lists of the same article."""
    if other is None or item.claimed_date is not None:
        return item
    rule = f"column_{other.claimed_rule}"
    return replace(
        item,
        claimed_date=other.claimed_date,
        claimed_raw=other.claimed_raw,
        claimed_rule=rule,
        claimed_at=other.claimed_at,
    )


def undated_on_top(items: list[SiteItem]) -> list[SiteItem]:
    """The newest items as far as none of them has a day."""
    return list(takewhile(lambda item: item.claimed_date is None, items))


def say_no_day(items: list[SiteItem]) -> bool:
    """Whether the articles themselves were opened and say no day: of five in a row, all are taken to."""
    return all(item.article_sha256 for item in items[:MOST_ARTICLES])
