-- 互动回应差: no channel to ask by, or a valid public message of the last year unanswered for over 3 months. What
-- is not public nobody can read from outside: it is left to a reviewer, and the reason says what to do.
with grid as (
    select * from {{ ref('int_check_grid') }}
    where indicator_code = 'W5'
),

looks as (
    select * from {{ ref('int_duty_looks') }}
    where indicator_code = 'W5'
),

homes as (
    select
        capture_id,
        bool_or(outcome = 'ok_complete') as is_complete
    from {{ ref('int_page_visits') }}
    where page_kind = 'home'
    group by capture_id
),

channels as (
    select
        period,
        subject_id,
        monitoring_point,
        count(*) filter (where is_registered and not is_special) as registered,
        count(*) filter (where is_registered and is_special) as special,
        count(*) filter (where not is_registered and not is_special) as linked,
        count(*) filter (
            where is_registered and not is_special and not (is_complete and is_public_list)
        ) as unknown,
        sum(overdue) filter (where not is_special) as overdue,
        min(oldest_overdue) filter (where not is_special) as oldest_overdue,
        arg_min(column_name, position) filter (where is_registered and not is_special and not is_read)
            as unread_name,
        arg_min(outcome_zh, position) filter (where is_registered and not is_special and not is_read)
            as unread_why,
        arg_min(column_name, position) filter (
            where is_registered and not is_special and is_read and not is_public_list
        ) as closed_name,
        arg_min(column_name, position) filter (where not is_registered and not is_special) as linked_name,
        coalesce(
            arg_min(evidence_sha256, oldest_overdue) filter (where not is_special),
            arg_min(evidence_sha256, position) filter (where is_registered and not is_special)
        ) as evidence_sha256,
        flatten(list(message_evidences) filter (where not is_special)) as evidence_sha256s
    from {{ ref('int_channel_states') }}
    group by all
),

bounded as (
    select
        grid.*,
        looks.captured_at,
        looks.evidence_sha256 as home_evidence,
        channels.* exclude (period, subject_id, monitoring_point, registered, special, linked, overdue),
        coalesce(channels.registered, 0) as registered,
        coalesce(channels.special, 0) as special,
        coalesce(channels.linked, 0) as linked,
        coalesce(channels.overdue, 0) as overdue,
        -- Only special channels registered, and none on a home page that was read whole: there is no channel.
        coalesce(
            channels.registered = 0 and channels.special > 0 and channels.linked = 0 and homes.is_complete,
            false
        ) as has_no_channel
    from grid
    left join looks using (period, subject_id, monitoring_point)
    left join homes on looks.capture_id = homes.capture_id
    left join channels using (period, subject_id, monitoring_point)
),

judged as (
    select
        *,
        {{ judge(
            'overdue + has_no_channel::integer',
            'case when has_no_channel or (registered > 0 and unknown = 0)
                then overdue + has_no_channel::integer end'
        ) }} as judgement
    from bounded
)

select
    {{ check_columns(
        status='judgement',
        reason="case
            when has_no_channel then '未提供咨询建言渠道：只有信访、举报等专门渠道'
            when overdue > 0 then overdue || ' 条有效留言超过期限未回应'
            when judgement = 'pass' then '公开的留言均在期限内回应'
            when captured_at is null then '未能判定：监测时间点后尚未采集'
            when unread_name is not null then '未能判定：“' || unread_name || '”没有读到（' || unread_why
                || '），请人工打开核实'
            when closed_name is not null then '未能判定：“' || closed_name
                || '”没有公开的留言列表，请复核人向主办单位调取近一年留言与回复记录'
            when unknown > 0 then '未能判定：留言列表没有读到一年之前，请复核人翻阅其余各页'
            when linked > 0 then '未能判定：首页有“' || linked_name || '”，台账未登记咨询投诉栏目，请补登记后重新采集'
            else '未能判定：台账未登记咨询投诉栏目，请复核人核实网站有无咨询建言渠道并补登记'
        end",
        measured="case
            when has_no_channel then '登记的 ' || special || ' 个渠道均为专门渠道'
            when overdue > 0 then '最早一条 ' || oldest_overdue || ' 提出，至监测时间点未回应'
        end",
        evidence_sha256='coalesce(evidence_sha256, home_evidence)',
        evidence_sha256s='evidence_sha256s'
    ) }}
from judged
