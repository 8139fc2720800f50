{{ config(
    materialized='incremental', incremental_strategy='replace_period', on_schema_change='append_new_columns'
) }}

with checks as (
    select * from {{ ref('int_checks') }}
    where open_question is not null
)

select
    reviews.review_id,
    checks.period,
    checks.subject_kind,
    checks.subject_id,
    checks.indicator_code,
    checks.monitoring_point,
    checks.open_question,
    reviews.task,
    checks.evidence_sha256,
    reviews.status,
    reviews.reviewer,
    reviews.reason,
    reviews.reviewed_on,
    reviews.expires_on
from checks
inner join {{ ref('int_check_reviews') }} as reviews
    using (period, subject_kind, subject_id, indicator_code, monitoring_point)
