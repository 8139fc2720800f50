select
    capture_id,
    period,
    platform,
    subject_id,
    post_id,
    published_at,
    published_raw,
    published_rule,
    edited_at,
    coalesce(is_pinned, false) as is_pinned,
    coalesce(is_repost, false) as is_repost,
    coalesce(is_deleted, false) as is_deleted,
    kind,
    title,
    url,
    evidence_sha256,
    seen_at,
    _loaded_at as loaded_at,
    -- The row's place in the loaded table: the ledger picks whole rows by it.
    rowid as loaded_row
from {{ source('raw', 'posts') }}
