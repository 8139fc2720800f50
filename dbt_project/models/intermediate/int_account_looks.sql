{{ config(
    materialized='incremental', incremental_strategy='replace_touched', subject_column='subject_id',
    on_schema_change='append_new_columns', post_hook='{{ remember_written() }}'
) }}

-- Each look at an account as proof: its outcome, lowered where the warehouse knows more than the look did.
with captures as (
    select
        captures.*,
        -- Only a list that is known to be the account's own is compared with the account's other lists.
        coalesce(outcomes.is_ok and ends_with(captures.subject_id, ':' || captures.identity_seen), false)
            as is_own_list
    from {{ ref('stg_captures') }} as captures
    inner join {{ ref('outcomes') }} as outcomes on captures.outcome = outcomes.code
    where
        captures.subject_kind in ('account', 'closed')
        and captures.is_current
        and {{ is_touched('captures.subject_id') }}
),

-- What each list shows, and what it begins with.
shown as (
    select
        captures.capture_id,
        -- Of a bare day the first instant and the last: the post came out somewhere between.
        min({{ earliest_instant('posts') }}) as earliest_post_at,
        max(posts.published_at) as newest_post_at,
        max({{ earliest_instant('posts') }}) as newest_post_from,
        arg_max(posts.evidence_sha256, {{ earliest_instant('posts') }}) as newest_post_evidence,
        max({ 'published_at': posts.published_at, 'post_id': posts.post_id })
        filter (where not posts.is_pinned) as head
    from captures
    inner join {{ ref('stg_posts') }} as posts using (capture_id)
    where {{ is_touched('posts.subject_id') }} and not posts.is_deleted
    group by captures.capture_id
),

-- Every own list beside the newest post that any list before it had.
compared as (
    select
        captures.capture_id,
        shown.head['published_at'] as published_at,
        -- A list with nothing to compare is passed over.
        max(shown.head) over (
            partition by captures.subject_id
            order by captures.captured_at, captures.capture_id
            rows between unbounded preceding and 1 preceding
        ) as before
    from captures
    left join shown using (capture_id)
    where captures.is_own_list
),

-- Newest times do not go backwards: a list without the post that an earlier list began with is not whole, or
-- that post was taken away without a word. A post that is still there (pinned since, its time corrected, or
-- marked as deleted) has not been lost.
regressed as (
    select compared.*
    from compared
    left join {{ ref('stg_posts') }} as posts
        on compared.capture_id = posts.capture_id and compared.before['post_id'] = posts.post_id
    where
        posts.post_id is null
        and compared.before['published_at'] is not null
        and coalesce(compared.published_at < compared.before['published_at'], true)
),

judged as (
    select
        captures.*,
        shown.earliest_post_at,
        shown.newest_post_at,
        shown.newest_post_from,
        shown.newest_post_evidence,
        coalesce(runs.status = 'quarantined', false) as is_quarantined,
        case
            when runs.status = 'quarantined' then '该次采集对该平台存疑：' || runs.reason_zh
            when regressed.capture_id is not null
                then
                    '早先见过 ' || {{ minute_text('regressed.before.published_at') }}
                    || ' 的发布，这次的列表更旧，可能不完整或内容已被撤下'
        end as lowered_because
    from captures
    left join {{ ref('int_platform_runs') }} as runs using (period, run_id, platform)
    left join regressed using (capture_id)
    left join shown using (capture_id)
)

select
    capture_id,
    run_id,
    subject_id,
    captured_at,
    identity_seen,
    oldest_seen,
    newest_seen,
    earliest_post_at,
    newest_post_at,
    newest_post_from,
    newest_post_evidence,
    reached_end,
    evidence_sha256,
    is_own_list,
    is_quarantined,
    -- Complete by itself, in a run that is believed: what such a list lacks is not there any more.
    outcome = 'ok_complete' and is_own_list and not is_quarantined as is_whole_list,
    case when outcome = 'ok_complete' and lowered_because is not null then 'ok_partial' else outcome end
        as judged_outcome,
    case when outcome = 'ok_complete' then lowered_because end as judged_reason,
    loaded_at
from judged
