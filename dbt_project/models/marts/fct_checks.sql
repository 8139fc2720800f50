{{ config(
    materialized='incremental', incremental_strategy='replace_period', on_schema_change='append_new_columns'
) }}

with checks as (
    select * from {{ ref('int_checks') }}
),

indicators as (
    select * from {{ ref('int_plan_indicators') }}
),

subjects as (
    select * from {{ ref('int_subjects') }}
)

select
    checks.period,
    checks.subject_kind,
    checks.subject_id,
    subjects.subject_name,
    subjects.organiser,
    subjects.platform,
    subjects.site_class,
    checks.indicator_code,
    indicators.kind as indicator_kind,
    indicators.clause,
    checks.monitoring_point,
    checks.status,
    checks.reason,
    checks.measured,
    checks.threshold,
    checks.problem,
    checks.evidence_sha256,
    checks.reviewer,
    checks.not_applicable_kind,
    checks.evidence_sha256s
from checks
inner join indicators using (period, subject_kind, indicator_code)
inner join subjects using (period, subject_kind, subject_id)
