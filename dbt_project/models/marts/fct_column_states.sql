{{ config(
    materialized='incremental', incremental_strategy='replace_period', on_schema_change='append_new_columns'
) }}

select
    period,
    site_code,
    indicator_code,
    monitoring_point,
    page_kind,
    column_name,
    position,
    window_start,
    state,
    is_blank,
    counts,
    state_reason,
    last_claimed_date,
    evidence_sha256,
    content_state
from {{ ref('int_column_states') }}
