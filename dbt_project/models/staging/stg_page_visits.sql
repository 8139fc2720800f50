select
    capture_id,
    period,
    site_code,
    page_kind,
    coalesce(column_name, '') as column_name,
    url,
    final_url,
    visited_at,
    outcome,
    detail,
    http_status,
    coalesce(items_seen, 0) as items_seen,
    oldest_date,
    newest_date,
    coalesce(reached_end, false) as reached_end,
    coalesce(is_navigation, false) as is_navigation,
    evidence_sha256
from {{ source('raw', 'page_visits') }}
where page_kind in ('home', 'column')
