{{ config(
    materialized='incremental', incremental_strategy='replace_period', on_schema_change='append_new_columns'
) }}

-- The period's own rows only: the marts keep the others.
with subjects as (
    select * from {{ ref('dim_subjects') }}
    where {{ is_assessed() }}
),

verdicts as (
    select
        period,
        subject_kind,
        subject_id,
        verdict
    from {{ ref('fct_verdicts') }}
    where {{ is_assessed() }}
),

plan as (
    select * from {{ ref('stg_plan') }}
),

broken_down as (
    select
        subjects.period,
        subjects.subject_kind,
        subjects.in_scope,
        subjects.is_sampled,
        verdicts.verdict,
        unnest([
            { 'breakdown': 'all', 'value': 'all' },
            { 'breakdown': 'platform', 'value': subjects.platform },
            { 'breakdown': 'site_class', 'value': subjects.site_class },
            { 'breakdown': 'district', 'value': coalesce(subjects.district, '未注明') },
            { 'breakdown': 'organiser', 'value': subjects.organiser }
        ]) as part
    from subjects
    left join verdicts using (period, subject_kind, subject_id)
),

-- registered ≥ in_scope ≥ sampled ≥ checked: who is listed, who can be asked, who was to be looked at, and
-- of whom we know.
counted as (
    select
        period,
        subject_kind,
        part['breakdown'] as breakdown,
        part['value'] as breakdown_value,
        count(*) as registered,
        count(*) filter (where in_scope) as in_scope,
        count(*) filter (where is_sampled) as sampled,
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
    {{ pass_rate('passed', 'failed', 'checked') }} as pass_rate,
    {{ rate_text('passed', 'checked', 'decimals') }} as pass_rate_text,
    case when sampled > 0 and checked / sampled >= coverage_floor then 'final' else 'provisional' end
        as status,
    in_scope,
    sampled,
    {{ wilson('passed', 'checked', 'low') }} as wilson_low,
    {{ wilson('passed', 'checked', 'high') }} as wilson_high
from rated
