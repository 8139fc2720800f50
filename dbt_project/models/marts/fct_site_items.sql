with items as (
    select items.*
    from {{ ref('stg_site_items') }} as items
    inner join {{ ref('stg_captures') }} as captures using (capture_id)
    where captures.is_current
)

-- As fct_posts: the newest look holds, the first claim is kept beside it.
select
    site_code,
    page_kind,
    column_name,
    url,
    arg_max(title, seen_at) as title,
    arg_max(claimed_date, seen_at) as claimed_date,
    arg_max(claimed_at, seen_at) as claimed_at,
    arg_min(claimed_date, seen_at) as first_claimed_date,
    min(seen_at) as first_seen_at,
    max(seen_at) as last_seen_at,
    arg_max(evidence_sha256, seen_at) as evidence_sha256
from items
group by site_code, page_kind, column_name, url
