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
),

kinds as (
    select * from {{ ref('not_applicable_kinds') }}
),

-- What must be answered, before anything is: checks only fill this in. Where several reasons speak against
-- a cell, the subject's own life comes first; only who would have been looked at can be "not sampled".
cells as (
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
            when subjects.opened_on > {{ shanghai_day('points.monitoring_point') }} then 'not_yet_opened'
            when subjects.closed_on <= {{ shanghai_day('points.monitoring_point') }} then 'already_closed'
            when indicators.applies_to <> subjects.site_class then 'other_class'
            when
                len(
                    list_filter(
                        subjects.exempt_indicators,
                        lambda exempt: {{ covers('exempt', 'indicators.indicator_code') }}
                    )
                ) > 0 then 'no_such_function'
            when not subjects.is_sampled then 'not_sampled'
        end as not_applicable_kind
    from subjects
    inner join points using (period)
    inner join indicators using (period, subject_kind)
)

select
    cells.*,
    kinds.name_zh as not_applicable_reason,
    findings.problem as finding_problem,
    findings.evidence_sha256 as finding_evidence,
    findings.evidence_sha256s as finding_evidences,
    findings.reviewer as finding_reviewer,
    reviews.status as review_status,
    reviews.reason as review_reason,
    reviews.reviewer as review_reviewer
from cells
left join kinds on cells.not_applicable_kind = kinds.code
left join findings using (period, subject_kind, subject_id, indicator_code)
left join {{ ref('int_check_reviews') }} as reviews
    using (period, subject_kind, subject_id, indicator_code, monitoring_point)
