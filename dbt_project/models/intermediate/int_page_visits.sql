with visits as (
    select * from {{ ref('stg_page_visits') }}
),

captures as (
    select capture_id from {{ ref('stg_captures') }}
    where is_current
),

outcomes as (
    select * from {{ ref('outcomes') }}
),

-- How far back a look at a page reaches. A column's list is newest-first, but an old pinned item may head
-- it: so the last dated row tells, not the oldest. A home page has many blocks, each cut off: there only
-- "everything dated is old" tells.
listed as (
    select
        capture_id,
        page_kind,
        column_name,
        max(latest_at) as newest_item_at,
        arg_max(latest_at, position) as last_item_at
    from {{ ref('stg_site_items') }}
    where latest_at is not null
    group by all
)

select
    visits.capture_id,
    visits.site_code,
    visits.page_kind,
    visits.column_name,
    visits.visited_at,
    visits.outcome,
    visits.items_seen,
    visits.reached_end,
    visits.is_navigation,
    visits.evidence_sha256,
    outcomes.is_ok,
    outcomes.name_zh as outcome_zh,
    outcomes.rank,
    case visits.page_kind
        when 'column' then coalesce(listed.last_item_at, {{ day_end('visits.oldest_date') }})
        else coalesce(listed.newest_item_at, {{ day_end('visits.newest_date') }})
    end as reaches_back_to
from visits
inner join captures using (capture_id)
inner join outcomes on visits.outcome = outcomes.code
left join listed using (capture_id, page_kind, column_name)
