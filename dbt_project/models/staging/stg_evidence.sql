select
    capture_id,
    period,
    subject_id,
    sha256,
    role,
    media_type,
    url,
    http_status,
    server_date,
    bytes,
    stored_path,
    seen_at
from {{ source('raw', 'evidence') }}
