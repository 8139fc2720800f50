{{ config(
    materialized='incremental', incremental_strategy='replace_period', on_schema_change='append_new_columns'
) }}

with plan as (
    select * from {{ ref('stg_plan') }}
    where {{ is_assessed() }}
),

rule_sets as (
    select * from {{ ref('rule_sets') }}
)

select
    plan.period,
    plan.sampling_from,
    plan.sampling_to,
    plan.since,
    plan.monitoring_points,
    plan.indicators,
    plan.rule_set,
    rule_sets.name as rule_set_name,
    rule_sets.basis,
    plan.coverage_floor,
    plan.website_decimals,
    plan.account_decimals,
    plan.snapshot_id,
    plan.snapshot_at,
    plan.sample_seed,
    plan.sample_accounts,
    plan.sample_websites
from plan
inner join rule_sets on plan.rule_set = rule_sets.code
