{{ config(
    materialized='incremental', incremental_strategy='replace_period', on_schema_change='append_new_columns'
) }}

with checks as (
    select
        checks.*,
        indicators.kind
    from {{ ref('int_checks') }} as checks
    inner join {{ ref('int_plan_indicators') }} as indicators using (period, subject_kind, indicator_code)
),

subjects as (
    select * from {{ ref('int_subjects') }}
),

rolled_up as (
    select
        period,
        subject_kind,
        subject_id,
        {{ verdict('status') }} as verdict,
        bool_or(status = 'fail' and kind = 'veto') as is_veto,
        count(*) filter (where status = 'fail') as checks_failed,
        count(*) filter (where status = 'undetermined') as checks_undetermined,
        string_agg(distinct problem, '；' order by problem) as problems,
        string_agg(distinct indicator_code || ' ' || reason, '；' order by indicator_code || ' ' || reason)
        filter (where status = 'undetermined') as undetermined_reasons
    from checks
    group by period, subject_kind, subject_id
    -- Of whom nothing was asked, nothing is said.
    having bool_or(status <> 'not_applicable')
)

select
    subjects.period,
    subjects.subject_kind,
    subjects.subject_id,
    subjects.subject_name,
    subjects.organiser,
    subjects.platform,
    subjects.site_class,
    subjects.district,
    subjects.position,
    rolled_up.verdict,
    rolled_up.is_veto,
    rolled_up.checks_failed,
    rolled_up.checks_undetermined,
    rolled_up.problems,
    rolled_up.undetermined_reasons
from subjects
inner join rolled_up using (period, subject_kind, subject_id)
