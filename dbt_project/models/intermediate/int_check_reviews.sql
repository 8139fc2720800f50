-- Which checks a reviewer may answer where the machine cannot, by what id, and what was answered. An answer
-- holds for every monitoring point up to its last day, so that a published quarter does not change with time.
with asked as (
    select
        subjects.period,
        subjects.subject_kind,
        subjects.subject_id,
        indicators.indicator_code,
        points.monitoring_point,
        indicators.review_task as task,
        {{ review_id('subjects.subject_id', 'indicators.indicator_code') }} as review_id
    from {{ ref('int_subjects') }} as subjects
    inner join {{ ref('int_plan_indicators') }} as indicators using (period, subject_kind)
    inner join {{ ref('int_monitoring_points') }} as points using (period)
    where indicators.review_task is not null
)

select
    asked.*,
    case
        when reviews.decision is null then 'open'
        when reviews.expires_on < {{ shanghai_day('asked.monitoring_point') }} then 'expired'
        else reviews.decision
    end as status,
    reviews.reason,
    reviews.reviewer,
    reviews.reviewed_on,
    reviews.expires_on
from asked
left join {{ ref('stg_reviews') }} as reviews
    on asked.period = reviews.period and asked.review_id = reviews.suspicion_id
