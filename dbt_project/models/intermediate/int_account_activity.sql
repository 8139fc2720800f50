with grid as (
    select * from {{ ref('int_check_grid') }}
    where indicator_code = 'M2.1'
),

outcomes as (
    select * from {{ ref('outcomes') }}
),

-- All captures of the account, for whatever period they were made: each is compared with T by its own time.
captures as (
    select
        grid.period,
        grid.monitoring_point,
        grid.subject_id,
        grid.window_start,
        looks.capture_id,
        looks.captured_at,
        looks.judged_outcome as outcome,
        looks.judged_reason,
        looks.evidence_sha256,
        looks.earliest_post_at,
        looks.newest_post_at,
        looks.newest_post_from,
        looks.newest_post_evidence,
        outcomes.name_zh as outcome_zh,
        outcomes.rank,
        coalesce(outcomes.is_ok and looks.identity_seen = grid.platform_uid, false) as is_usable,
        coalesce(looks.reached_end, false) or coalesce(looks.oldest_seen <= grid.window_start, false)
            as reaches_back
    from grid
    inner join {{ ref('int_account_looks') }} as looks on grid.subject_id = looks.subject_id
    inner join outcomes on looks.judged_outcome = outcomes.code
),

confirmations as (
    select
        period,
        coalesce(confirm_observations, 1) as wanted,
        coalesce(confirm_hours_apart, 0) as hours_apart
    from {{ ref('stg_plan') }}
),

-- A bare day says nothing more where another look told the instant.
bare_days as (
    select
        posts.subject_id,
        posts.post_id
    from {{ ref('stg_posts') }} as posts
    where {{ is_bare_day('posts') }}
),

told_exactly as (
    select distinct
        posts.subject_id,
        posts.post_id
    from {{ ref('stg_posts') }} as posts
    inner join bare_days using (subject_id, post_id)
    where not coalesce({{ is_bare_day('posts') }}, false)
),

posts as (
    select
        posts.*,
        {{ earliest_instant('posts') }} as published_from
    from {{ ref('stg_posts') }} as posts
    left join told_exactly using (subject_id, post_id)
    where told_exactly.post_id is null or not coalesce({{ is_bare_day('posts') }}, false)
),

-- The posts themselves are read only of lists that reach into the window: of a list that ends before it, its
-- newest post says all there is to say.
listed as (
    select
        captures.period,
        captures.monitoring_point,
        captures.subject_id,
        posts.published_from,
        posts.evidence_sha256,
        case
            when
                posts.published_from > captures.window_start
                and posts.published_at <= captures.monitoring_point
                then posts.post_id
        end as post_in_window,
        -- A day that touches an edge of the window lies possibly in it.
        case when posts.published_at > captures.window_start then posts.post_id end as post_possible
    from captures
    inner join posts using (capture_id)
    where
        captures.is_usable
        and captures.newest_post_at > captures.window_start
        and captures.earliest_post_at <= captures.monitoring_point
        and not posts.is_deleted
        and posts.published_from <= captures.monitoring_point
    union all by name
    select
        period,
        monitoring_point,
        subject_id,
        newest_post_from as published_from,
        newest_post_evidence as evidence_sha256
    from captures
    where is_usable and newest_post_at <= window_start
),

seen as (
    select
        period,
        monitoring_point,
        subject_id,
        count(distinct post_in_window) as posts_in_window,
        count(distinct post_possible) as posts_possible,
        max(published_from) as last_published_at,
        arg_max(evidence_sha256, published_from) as last_post_evidence
    from listed
    group by all
),

-- Only a complete look, made at or after T and reaching back past the window, can prove that nothing came.
observations as (
    select
        *,
        is_usable and outcome = 'ok_complete' and captured_at >= monitoring_point and reaches_back
            as is_observation
    from captures
),

looked as (
    select
        period,
        monitoring_point,
        subject_id,
        list_sort(list([captured_at]) filter (where is_observation)) as observed,
        arg_max(evidence_sha256, captured_at) filter (where is_observation) as proof_evidence,
        list(evidence_sha256) filter (where is_observation) as proof_evidences,
        arg_min(
            {
                'evidence_sha256': evidence_sha256,
                'reason': case
                    when outcome not in ('ok_complete', 'ok_partial') then outcome_zh
                    when not is_usable then '未核对到账号主体'
                    when captured_at < monitoring_point then '采集早于监测时间点'
                    when judged_reason is not null then judged_reason
                    when outcome = 'ok_partial' then outcome_zh || '，其中没有窗口内的发布'
                    else '列表没有回溯到窗口起点'
                end
            },
            (rank, -epoch_us(captured_at))
        ) as best
    from observations
    group by all
),

-- How many of them are independent: the first, then each that came late enough after the one counted before.
counted as (
    select
        looked.*,
        confirmations.wanted,
        confirmations.hours_apart,
        {{ spaced_out('looked.observed', 'confirmations.hours_apart') }} as independent  -- noqa: PRS
    from looked
    inner join confirmations using (period)
),

proven as (
    select
        *,
        coalesce(len(independent) >= wanted, false) as has_proof,
        '已有 ' || len(independent) || ' 次完整查看未见更新，计划要求 ' || wanted || ' 次、相隔 '
        || format('{:.10g}', hours_apart) || ' 小时；'
        || {{ minute_text('independent[-1] + ' ~ hours('hours_apart')) }}
        || ' 起可再看' as why_not_confirmed
    from counted
)

select
    grid.period,
    grid.subject_id,
    grid.monitoring_point,
    seen.last_published_at,
    coalesce(seen.posts_in_window, 0) as posts_in_window,
    coalesce(seen.posts_possible, 0) as posts_possible,
    coalesce(proven.has_proof, false) as has_proof,
    case
        when proven.has_proof and coalesce(seen.posts_possible, 0) > 0
            then '有发布只知道日期，恰在窗口边缘的那一天，请人工打开文章核实时间'
        when proven.has_proof then null
        else coalesce(proven.why_not_confirmed, proven.best['reason'], '尚未采集')
    end as why_not_proven,
    case
        when seen.posts_in_window > 0 then seen.last_post_evidence
        when proven.independent is not null then proven.proof_evidence
        else proven.best['evidence_sha256']
    end as evidence_sha256,
    case when coalesce(seen.posts_in_window, 0) = 0 then proven.proof_evidences end as evidence_sha256s
from grid
left join seen using (period, monitoring_point, subject_id)
left join proven using (period, monitoring_point, subject_id)
