-- Every channel to write to that a site is known to have: registered, or linked on its home page.
with looks as (
    select * from {{ ref('int_duty_looks') }}
    where indicator_code = 'W5'
),

registered as (
    select
        period,
        site_code as subject_id,
        column_name,
        position
    from {{ ref('stg_columns') }}
    where column_class = 'consultation'
),

visits as (
    select
        visits.capture_id,
        visits.column_name,
        visits.outcome = 'ok_complete' as is_complete,
        outcomes.is_ok,
        outcomes.name_zh as outcome_zh,
        visits.evidence_sha256
    from {{ ref('stg_duty_visits') }} as visits
    inner join {{ ref('outcomes') }} as outcomes on visits.outcome = outcomes.code
    where visits.page_kind = 'consultation'
),

statuses as (
    select * from {{ ref('message_statuses') }}
),

limits as (
    select
        plan.period,
        limits.value as months
    from {{ ref('stg_plan') }} as plan
    inner join {{ ref('indicator_limits') }} as limits
        on plan.rule_set = limits.rule_set and limits.code = 'W5' and limits.name = 'unanswered_months'
),

messages as (
    select
        *,
        coalesce((
            select bool_or(contains(messages.status, statuses.word)) from statuses
            where statuses.meaning = 'answered'
        ), false) as is_answered,
        coalesce((
            select bool_or(contains(messages.status, statuses.word)) from statuses
            where statuses.meaning = 'invalid'
        ), false) as is_invalid
    from {{ ref('stg_site_messages') }} as messages
    where page_kind = 'consultation'
),

-- Asked for certain within the window, unanswered at T, and for longer than the clause allows.
judged as (
    select
        looks.period,
        looks.subject_id,
        looks.monitoring_point,
        messages.column_name,
        messages.is_public_list,
        messages.asked_on,
        messages.evidence_sha256,
        messages.is_public_list
        and not messages.is_invalid
        and {{ day_start('messages.asked_on') }} > looks.window_start
        and messages.asked_on + to_months(limits.months) < {{ shanghai_day('looks.monitoring_point') }}
        and case
            when messages.replied_on is null then not messages.is_answered
            else messages.replied_on > {{ shanghai_day('looks.monitoring_point') }}
        end as is_overdue
    from looks
    inner join messages using (capture_id)
    inner join limits on looks.period = limits.period
),

counted as (
    select
        period,
        subject_id,
        monitoring_point,
        column_name,
        bool_or(is_public_list) as is_public_list,
        count(*) filter (where is_overdue) as overdue,
        min(asked_on) filter (where is_overdue) as oldest_overdue,
        arg_min(evidence_sha256, asked_on) filter (where is_overdue) as message_evidence,
        list(distinct evidence_sha256) filter (where is_overdue) as message_evidences
    from judged
    group by all
),

linked as (
    select
        looks.period,
        looks.subject_id,
        looks.monitoring_point,
        messages.title as column_name,
        messages.evidence_sha256
    from looks
    inner join {{ ref('stg_site_messages') }} as messages using (capture_id)
    where messages.page_kind = 'home'
),

channels as (
    select
        registered.period,
        registered.subject_id,
        points.monitoring_point,
        registered.column_name,
        registered.position,
        true as is_registered,
        coalesce(visits.is_ok, false) as is_read,
        coalesce(visits.is_complete, false) as is_complete,
        coalesce(counted.is_public_list, false) as is_public_list,
        coalesce(counted.overdue, 0) as overdue,
        counted.oldest_overdue,
        coalesce(visits.outcome_zh, '监测时间点后尚未采集') as outcome_zh,
        coalesce(counted.message_evidence, visits.evidence_sha256) as evidence_sha256,
        counted.message_evidences
    from registered
    inner join {{ ref('int_monitoring_points') }} as points using (period)
    left join looks
        on
            registered.period = looks.period
            and registered.subject_id = looks.subject_id
            and points.monitoring_point = looks.monitoring_point
    left join visits on looks.capture_id = visits.capture_id and registered.column_name = visits.column_name
    left join counted
        on
            registered.period = counted.period
            and registered.subject_id = counted.subject_id
            and points.monitoring_point = counted.monitoring_point
            and registered.column_name = counted.column_name
    union all by name
    select
        *,
        0 as position,
        false as is_registered,
        true as is_read,
        false as is_complete,
        false as is_public_list,
        0 as overdue,
        null as oldest_overdue,
        null as message_evidences,
        '首页有链接，台账未登记' as outcome_zh
    from linked
)

-- Special channels (网上信访, 纪检举报, …) are shown and do not count.
select
    channels.*,
    exists(
        select 1 from {{ ref('special_channels') }} as special
        where contains(channels.column_name, special.word)
    ) as is_special
from channels
