-- A list shows a day, an article its minute. Where only the day is known, the item came out somewhere
-- between earliest_at and latest_at; both are null for an item without a date.
select
    capture_id,
    period,
    site_code,
    page_kind,
    coalesce(column_name, '') as column_name,
    position,
    url,
    title,
    coalesce(claimed_date, {{ shanghai_day('claimed_at') }}) as claimed_date,
    claimed_at,
    claimed_raw,
    claimed_rule,
    coalesce(claimed_at, {{ day_start('claimed_date') }}) as earliest_at,
    coalesce(claimed_at, {{ day_end('claimed_date') }}) as latest_at,
    evidence_sha256,
    article_sha256,
    seen_at,
    article_title,
    article_published_at,
    article_published_on,
    document_dated_on,
    article_text_sha256,
    _loaded_at as loaded_at,
    rowid as loaded_row
from {{ source('raw', 'site_items') }}
