{{ config(
    materialized='incremental', incremental_strategy='replace_period', on_schema_change='append_new_columns'
) }}

with suspicions as (
    select * from {{ ref('int_suspicions') }}
),

kinds as (
    select * from {{ ref('suspicion_kinds') }}
)

select
    suspicions.suspicion_id,
    suspicions.period,
    suspicions.site_code,
    suspicions.kind,
    kinds.name_zh as kind_name,
    suspicions.column_name,
    suspicions.url,
    suspicions.title,
    suspicions.claimed_date,
    suspicions.what_zh,
    suspicions.first_evidence_sha256,
    suspicions.second_evidence_sha256,
    suspicions.first_captured_at,
    suspicions.second_captured_at,
    suspicions.status,
    suspicions.reviewer,
    suspicions.reason,
    suspicions.reviewed_on,
    suspicions.expires_on,
    kinds.task
from suspicions
inner join kinds on suspicions.kind = kinds.code
