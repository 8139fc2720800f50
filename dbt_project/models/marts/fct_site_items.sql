{{ config(
    materialized='incremental', incremental_strategy='replace_touched', subject_column='site_code',
    on_schema_change='append_new_columns', post_hook='{{ remember_written() }}'
) }}

with superseded as (
    select capture_id from {{ ref('stg_captures') }}
    where not is_current
),

items as (
    select items.*
    from {{ ref('stg_site_items') }} as items
    anti join superseded using (capture_id)
    where {{ is_touched('items.site_code') }}
),

-- As fct_posts: the newest look holds, the first claim is kept beside it.
looks as (
    select
        site_code,
        page_kind,
        column_name,
        url,
        arg_max(loaded_row, seen_at) as newest_row,
        arg_min(claimed_date, seen_at) as first_claimed_date,
        min(seen_at) as first_seen_at,
        max(loaded_at) as loaded_at
    from items
    group by site_code, page_kind, column_name, url
)

select
    newest.site_code,
    newest.page_kind,
    newest.column_name,
    newest.url,
    newest.title,
    newest.claimed_date,
    newest.claimed_at,
    looks.first_claimed_date,
    looks.first_seen_at,
    newest.seen_at as last_seen_at,
    newest.evidence_sha256,
    looks.loaded_at
from looks
inner join {{ ref('stg_site_items') }} as newest on looks.newest_row = newest.loaded_row
where {{ is_touched('newest.site_code') }}
