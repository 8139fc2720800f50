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
        captures.capture_id,
        captures.captured_at,
        captures.outcome,
        captures.evidence_sha256,
        outcomes.name_zh as outcome_zh,
        outcomes.rank,
        coalesce(outcomes.is_ok and captures.identity_seen = grid.platform_uid, false) as is_usable,
        coalesce(captures.reached_end, false) or coalesce(captures.oldest_seen <= grid.window_start, false)
            as reaches_back
    from grid
    inner join {{ ref('stg_captures') }} as captures
        on grid.subject_id = captures.subject_id and captures.subject_kind = 'account' and captures.is_current
    inner join outcomes on captures.outcome = outcomes.code
),

seen as (
    select
        captures.period,
        captures.monitoring_point,
        captures.subject_id,
        count(distinct posts.post_id) filter (where posts.published_at > captures.window_start)
            as posts_in_window,
        max(posts.published_at) as last_published_at,
        arg_max(posts.evidence_sha256, posts.published_at) as last_post_evidence
    from captures
    inner join {{ ref('stg_posts') }} as posts using (capture_id)
    where
        captures.is_usable
        and not posts.is_deleted
        and posts.published_at <= captures.monitoring_point
    group by all
),

-- Only a complete look, made at or after T and reaching back past the window, can prove that nothing came.
looked as (
    select
        period,
        monitoring_point,
        subject_id,
        bool_or(is_usable and outcome = 'ok_complete' and captured_at >= monitoring_point and reaches_back)
            as has_proof,
        arg_max(evidence_sha256, captured_at) filter (
            where is_usable and outcome = 'ok_complete' and captured_at >= monitoring_point and reaches_back
        ) as proof_evidence,
        arg_min(
            {
                'evidence_sha256': evidence_sha256,
                'reason': case
                    when outcome not in ('ok_complete', 'ok_partial') then outcome_zh
                    when not is_usable then '未核对到账号主体'
                    when captured_at < monitoring_point then '采集早于监测时间点'
                    when outcome = 'ok_partial' then outcome_zh || '，其中没有窗口内的发布'
                    else '列表没有回溯到窗口起点'
                end
            },
            (rank, -epoch_us(captured_at))
        ) as best
    from captures
    group by all
)

select
    grid.period,
    grid.subject_id,
    grid.monitoring_point,
    seen.last_published_at,
    coalesce(seen.posts_in_window, 0) as posts_in_window,
    coalesce(looked.has_proof, false) as has_proof,
    coalesce(looked.best['reason'], '尚未采集') as why_not_proven,
    case
        when seen.posts_in_window > 0 then seen.last_post_evidence
        when looked.has_proof then looked.proof_evidence
        else looked.best['evidence_sha256']
    end as evidence_sha256
from grid
left join seen using (period, monitoring_point, subject_id)
left join looked using (period, monitoring_point, subject_id)
