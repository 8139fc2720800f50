{{ config(
    materialized='incremental', incremental_strategy='replace_period', on_schema_change='append_new_columns'
) }}

with checks as (
    select * from {{ ref('int_checks') }}
    where status = 'fail'
),

indicators as (
    select * from {{ ref('int_plan_indicators') }}
),

subjects as (
    select * from {{ ref('dim_subjects') }}
),

by_hand as (
    select * from {{ ref('int_manual_findings') }}
)

select
    checks.period,
    checks.subject_kind,
    checks.subject_id,
    subjects.subject_name,
    subjects.organiser,
    subjects.supervisor,
    subjects.district,
    subjects.platform,
    subjects.annex_platform,
    subjects.site_class,
    subjects.position,
    checks.indicator_code,
    indicators.name_zh as indicator_name,
    indicators.clause,
    checks.problem,
    checks.measured,
    checks.threshold,
    checks.monitoring_point,
    indicators.kind = 'veto' as is_veto,
    checks.evidence_sha256,
    checks.reviewer,
    by_hand.second_evidence_sha256,
    checks.evidence_sha256s
from checks
inner join indicators using (period, subject_kind, indicator_code)
inner join subjects using (period, subject_kind, subject_id)
left join by_hand using (period, subject_kind, subject_id, indicator_code)
