with looks as (
    select * from {{ ref('int_account_looks') }}
),

posts as (
    select posts.*
    from {{ ref('stg_posts') }} as posts
    inner join looks using (capture_id)
),

-- What the newest look says holds; the first look is kept beside it, since a date that changes, or that
-- turns up late, is how a forged one is found.
known as (
    select
        platform,
        subject_id,
        post_id,
        arg_max(published_at, seen_at) as published_at,
        arg_min(published_at, seen_at) as first_published_at,
        min(seen_at) as first_seen_at,
        max(seen_at) as last_seen_at,
        max(edited_at) as edited_at,
        arg_max(is_pinned, seen_at) as is_pinned,
        arg_max(is_repost, seen_at) as is_repost,
        arg_max(is_deleted, seen_at) as is_deleted,
        arg_max(kind, seen_at) as kind,
        arg_max(title, seen_at) as title,
        arg_max(url, seen_at) as url,
        arg_max(evidence_sha256, seen_at) as evidence_sha256
    from posts
    group by platform, subject_id, post_id
),

-- A whole list that reaches back past a post and does not show it: the post is gone. One that is shown again
-- later has not vanished.
vanished as (
    select
        known.platform,
        known.subject_id,
        known.post_id,
        min(looks.captured_at) as vanished_at,
        arg_min(looks.evidence_sha256, looks.captured_at) as vanished_evidence_sha256
    from known
    inner join looks
        on
            known.subject_id = looks.subject_id
            and known.last_seen_at < looks.captured_at
            and looks.is_whole_list
            and (looks.reached_end or known.published_at >= looks.oldest_seen)
    group by known.platform, known.subject_id, known.post_id
)

select
    known.*,
    vanished.vanished_at,
    vanished.vanished_evidence_sha256
from known
left join vanished using (platform, subject_id, post_id)
