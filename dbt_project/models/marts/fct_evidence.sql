{{ config(
    materialized='incremental', incremental_strategy='replace_period', on_schema_change='append_new_columns'
) }}

select distinct
    evidence.capture_id,
    evidence.period,
    captures.subject_kind,
    evidence.subject_id,
    evidence.sha256,
    evidence.role,
    evidence.media_type,
    evidence.url,
    evidence.http_status,
    evidence.server_date,
    evidence.bytes,
    evidence.stored_path,
    evidence.seen_at
from {{ ref('stg_evidence') }} as evidence
inner join {{ ref('stg_captures') }} as captures using (capture_id, period)
where {{ is_assessed('evidence.period') }}
