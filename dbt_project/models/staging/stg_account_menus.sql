select
    capture_id,
    period,
    platform,
    subject_id,
    is_open,
    entries,
    has_interaction,
    interaction,
    identity_seen,
    evidence_sha256,
    seen_at
from {{ source('raw', 'account_menus') }}
