with items as (
    select * from {{ ref('stg_site_items') }}
),

captures as (
    select
        capture_id,
        captured_at,
        -- The site's own clock, as for early warnings: what it claims is held against the same clock.
        coalesce(server_date, captured_at) as as_of
    from {{ ref('stg_captures') }}
    where is_current
)

select
    items.period,
    items.capture_id,
    items.site_code,
    items.page_kind,
    items.column_name,
    items.url,
    items.title,
    items.claimed_date,
    items.claimed_rule,
    items.latest_at,
    items.article_title,
    items.article_published_on,
    items.document_dated_on,
    items.article_text_sha256,
    items.evidence_sha256,
    items.article_sha256,
    captures.captured_at,
    captures.as_of,
    -- Where the day comes from: "column_" before a rule says that a home page's item was dated by its column.
    coalesce(regexp_matches(items.claimed_rule, '^(column_)?(pubdate|visible)_'), false) as is_from_article,
    coalesce(regexp_matches(items.claimed_rule, '^(column_)?url_'), false) as is_from_address,
    coalesce(regexp_matches(items.claimed_rule, '^(column_)?month_day'), false) as is_yearless
from items
inner join captures using (capture_id)
