{{ config(
    materialized='incremental', incremental_strategy='replace_touched', subject_column='subject_id',
    on_schema_change='append_new_columns', post_hook='{{ remember_written() }}'
) }}

with looks as (
    select * from {{ ref('int_account_looks') }}
    where {{ is_touched('subject_id') }}
),

posts as (
    select posts.*
    from {{ ref('stg_posts') }} as posts
    inner join looks using (capture_id)
    -- Of a bare day nothing is remembered: it would pass for another time of a post that lists tell exactly.
    where {{ is_touched('posts.subject_id') }} and not coalesce({{ is_bare_day('posts') }}, false)
),

-- What the newest look says holds; the first look is kept beside it, since a date that changes, or that
-- turns up late, is how a forged one is found. Only numbers are grouped, and the newest row fetched by its
-- place, last of all: with all its text, tens of millions of posts would not fit into memory.
seen as (
    select
        platform,
        subject_id,
        post_id,
        arg_max(loaded_row, seen_at) as newest_row,
        arg_max(published_at, seen_at) as published_at,
        arg_min(published_at, seen_at) as first_published_at,
        min(seen_at) as first_seen_at,
        max(seen_at) as last_seen_at,
        max(edited_at) as edited_at,
        max(loaded_at) as loaded_at
    from posts
    group by platform, subject_id, post_id
),

-- A whole list that reaches back past a post and does not show it: the post is gone. One that is shown again
-- later has not vanished.
vanished as (
    select
        seen.newest_row,
        min(looks.captured_at) as vanished_at,
        arg_min(looks.evidence_sha256, looks.captured_at) as vanished_evidence_sha256
    from seen
    inner join looks
        on
            seen.subject_id = looks.subject_id
            and seen.last_seen_at < looks.captured_at
            and looks.is_whole_list
            and (looks.reached_end or seen.published_at >= looks.oldest_seen)
    group by seen.newest_row
)

select
    newest.platform,
    newest.subject_id,
    newest.post_id,
    newest.published_at,
    seen.first_published_at,
    seen.first_seen_at,
    newest.seen_at as last_seen_at,
    seen.edited_at,
    newest.is_pinned,
    newest.is_repost,
    newest.is_deleted,
    newest.kind,
    newest.title,
    newest.url,
    newest.evidence_sha256,
    seen.loaded_at,
    vanished.vanished_at,
    vanished.vanished_evidence_sha256
from seen
inner join {{ ref('stg_posts') }} as newest on seen.newest_row = newest.loaded_row
left join vanished using (newest_row)
where {{ is_touched('newest.subject_id') }}
