{{ config(
    materialized='incremental', incremental_strategy='replace_period', on_schema_change='append_new_columns'
) }}

with verdicts as (
    -- The period's own rows only: the mart keeps the others.
    select * from {{ ref('fct_verdicts') }}
    where period = {{ assessed_period() }}
),

plan as (
    select * from {{ ref('stg_plan') }}
),

broken_down as (
    select
        period,
        subject_kind,
        verdict,
        unnest([
            { 'breakdown': 'all', 'value': 'all' },
            { 'breakdown': 'platform', 'value': platform },
            { 'breakdown': 'site_class', 'value': site_class },
            { 'breakdown': 'district', 'value': coalesce(district, '未注明') },
            { 'breakdown': 'organiser', 'value': organiser }
        ]) as part
    from verdicts
),

counted as (
    select
        period,
        subject_kind,
        part['breakdown'] as breakdown,
        part['value'] as breakdown_value,
        count(*) as registered,
        count(*) filter (where verdict = 'pass') as passed,
        count(*) filter (where verdict = 'fail') as failed,
        count(*) filter (where verdict = 'undetermined') as undetermined
    from broken_down
    -- a website has no platform, an account no site class
    where part['value'] is not null
    group by all
),

rated as (
    select
        counted.*,
        counted.passed + counted.failed as checked,
        plan.coverage_floor,
        case counted.subject_kind when 'website' then plan.website_decimals else plan.account_decimals end
            as decimals
    from counted
    inner join plan using (period)
)

select
    period,
    subject_kind,
    breakdown,
    breakdown_value,
    registered,
    checked,
    passed,
    failed,
    undetermined,
    passed / nullif(checked, 0) as pass_rate,
    {{ rate_text('passed', 'checked', 'decimals') }} as pass_rate_text,
    case when checked / registered < coverage_floor then 'provisional' else 'final' end as status
from rated
