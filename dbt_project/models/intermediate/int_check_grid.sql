with subjects as (
    select * from {{ ref('int_subjects') }}
),

points as (
    select * from {{ ref('int_monitoring_points') }}
),

indicators as (
    select * from {{ ref('int_plan_indicators') }}
),

findings as (
    select * from {{ ref('int_manual_findings') }}
)

-- What must be answered, before anything is: checks only fill this in.
select
    subjects.period,
    subjects.subject_kind,
    subjects.subject_id,
    subjects.platform_uid,
    subjects.site_class,
    indicators.indicator_code,
    indicators.kind,
    points.monitoring_point,
    indicators.comparison,
    indicators.threshold,
    indicators.window_value,
    indicators.window_unit,
    indicators.annex_text,
    {{ window_start('points.monitoring_point', 'indicators.window_value', 'indicators.window_unit') }}
        as window_start,
    case
        when subjects.opened_on > {{ shanghai_day('points.monitoring_point') }} then '监测时间点时尚未开设'
        when subjects.closed_on <= {{ shanghai_day('points.monitoring_point') }} then '监测时间点前已关停'
        when indicators.applies_to <> subjects.site_class then '不适用于该类网站'
    end as not_applicable_reason,
    findings.problem as finding_problem,
    findings.evidence_sha256 as finding_evidence,
    findings.reviewer as finding_reviewer
from subjects
inner join points using (period)
inner join indicators using (period, subject_kind)
left join findings using (period, subject_kind, subject_id, indicator_code)
