select
    capture_id,
    period,
    site_code,
    column_name,
    item_name,
    url,
    elements_found,
    elements_missing,
    detail,
    evidence_sha256,
    seen_at
from {{ source('raw', 'site_services') }}
