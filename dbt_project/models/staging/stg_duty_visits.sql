-- Pages of public duties: consultation channels (W5) and lists of service items (W6). They are no columns of
-- information, so W3 and W4 never see them.
select
    capture_id,
    period,
    site_code,
    page_kind,
    column_name,
    url,
    visited_at,
    outcome,
    detail,
    evidence_sha256
from {{ source('raw', 'page_visits') }}
where page_kind in ('consultation', 'service')
