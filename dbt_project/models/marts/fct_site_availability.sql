{{ config(
    materialized='incremental', incremental_strategy='replace_period', on_schema_change='append_new_columns'
) }}

with availability as (
    select * from {{ ref('int_site_availability') }}
),

indicators as (
    select
        period,
        threshold
    from {{ ref('int_plan_indicators') }}
    where indicator_code = 'W2'
),

checks as (
    select
        period,
        monitoring_point,
        subject_id as site_code,
        status
    from {{ ref('int_check__w2') }}
)

select
    availability.period,
    availability.site_code,
    availability.monitoring_point,
    availability.visits as probes,
    availability.valid,
    availability.own_outages as void,
    availability.unproven,
    availability.failed,
    availability.share / 100 as share,
    availability.outstanding,
    case
        when checks.status in ('pass', 'undetermined')
            then {{ failures_left('availability.failed', 'availability.valid + availability.outstanding') }}
        else 0
    end as failures_left,
    checks.status,
    availability.first_probe_at,
    availability.last_probe_at,
    availability.is_simulated as simulated,
    availability.evidence_sha256
from availability
inner join indicators using (period)
inner join checks using (period, monitoring_point, site_code)
