{{ config(
    materialized='incremental', incremental_strategy='replace_period', on_schema_change='append_new_columns'
) }}

select
    period,
    site_code,
    monitoring_point,
    day_number,
    day_start,
    day_end,
    visits as probes,
    valid,
    own_outages as void,
    visits - valid - own_outages as unproven,
    failed,
    outstanding,
    first_probe_at,
    last_probe_at,
    coalesce(is_simulated, false) as simulated
from {{ ref('int_probe_days') }}
