-- The list's day and the article's own PubDate, day by day in Asia/Shanghai. A day taken from the address
-- (TRS) is when the file was made, and no claim of the list.
with compared as (
    select
        *,
        evidence_sha256 as first_evidence_sha256,
        article_sha256 as second_evidence_sha256,
        captured_at as first_captured_at,
        captured_at as second_captured_at
    from {{ ref('int_item_looks') }}
    where
        claimed_date <> article_published_on
        and not is_from_article
        and not is_from_address
        and not (is_yearless and strftime(claimed_date, '%m%d') = strftime(article_published_on, '%m%d'))
)

select
    {{ suspicion_columns(
        'list_vs_article', "claimed_date || '|' || article_published_on",
        "'列表标注 ' || claimed_date || '，正文标注 ' || article_published_on"
    ) }}
from compared
