with source as (
    select * from {{ source('raw', 'captures') }}
)

-- One look read again by a later parser gives a second row of the same time: is_current marks the newest
-- reading (which may rest on other bytes of that look). Versions are compared number by number: 2026.11.10 is
-- after 2026.11.9.
select
    capture_id,
    run_id,
    shard,
    period,
    subject_kind,
    subject_id,
    platform,
    channel,
    url,
    final_url,
    captured_at,
    server_date,
    outcome,
    detail,
    http_status,
    attempt,
    identity_seen,
    items_seen,
    oldest_seen,
    newest_seen,
    reached_end,
    duration_ms,
    evidence_sha256,
    extractor_version,
    _loaded_at as loaded_at,
    row_number() over (
        partition by subject_kind, subject_id, captured_at, attempt
        order by
            list_transform(string_split(extractor_version, '.'), lambda part: try_cast(part as integer)) desc,
            run_id desc,
            capture_id desc
    ) = 1 as is_current
from source
