select
    capture_id,
    period,
    site_code,
    page_kind,
    column_name,
    url,
    message_id,
    title,
    asked_on,
    replied_on,
    coalesce(status, '') as status,
    coalesce(is_public_list, false) as is_public_list,
    evidence_sha256,
    seen_at
from {{ source('raw', 'site_messages') }}
