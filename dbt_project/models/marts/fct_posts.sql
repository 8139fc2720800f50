with posts as (
    select posts.*
    from {{ ref('stg_posts') }} as posts
    inner join {{ ref('stg_captures') }} as captures using (capture_id)
    where captures.is_current
)

-- What the newest look says holds; the first look is kept beside it, since a date that changes, or that
-- turns up late, is how a forged one is found.
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
