{{ config(
    materialized='incremental', incremental_strategy='replace_touched', subject_column='subject_id',
    on_schema_change='append_new_columns', post_hook='{{ remember_written() }}'
) }}

with captures as (
    select * from {{ ref('stg_captures') }}
    where {{ is_touched('subject_id') }}
),

outcomes as (
    select * from {{ ref('outcomes') }}
),

looks as (
    select * from {{ ref('int_account_looks') }}
)

select
    captures.capture_id,
    captures.period,
    captures.subject_kind,
    captures.subject_id,
    captures.platform,
    captures.channel,
    captures.url,
    captures.final_url,
    captures.captured_at,
    captures.server_date,
    captures.outcome,
    outcomes.name_zh as outcome_name,
    captures.detail,
    captures.http_status,
    captures.attempt,
    captures.items_seen,
    captures.oldest_seen,
    captures.newest_seen,
    captures.reached_end,
    captures.duration_ms,
    captures.evidence_sha256,
    captures.run_id,
    captures.shard,
    captures.extractor_version,
    captures.is_current,
    coalesce(looks.judged_outcome, captures.outcome) as judged_outcome,
    looks.judged_reason,
    captures.loaded_at
from captures
inner join outcomes on captures.outcome = outcomes.code
left join looks on captures.capture_id = looks.capture_id
