-- 监测时间点前2周内无更新. A post seen is a pass, whatever another look missed; silence must be proven.
with grid as (
    select * from {{ ref('int_check_grid') }}
    where indicator_code = 'M2.1'
),

activity as (
    select * from {{ ref('int_account_activity') }}
),

judged as (
    select
        grid.*,
        activity.posts_in_window,
        activity.posts_possible,
        activity.last_published_at,
        activity.has_proof,
        activity.why_not_proven,
        activity.evidence_sha256,
        activity.evidence_sha256s,
        {{ judge(
            'activity.posts_in_window', 'case when activity.has_proof then activity.posts_possible end'
        ) }} as judgement
    from grid
    inner join activity using (period, subject_id, monitoring_point)
)

select
    {{ check_columns(
        status='judgement',
        reason="case judgement
            when 'pass' then '窗口内有 ' || posts_in_window || ' 条发布'
            when 'fail' then window_value || ' 天内没有发布'
            else '未能判定：' || why_not_proven
        end",
        measured="case
            when last_published_at is not null then '最近一次发布 ' || " ~ minute_text('last_published_at') ~ "
            when has_proof then '从未发布'
        end",
        evidence_sha256='evidence_sha256',
        evidence_sha256s='evidence_sha256s'
    ) }}
from judged
