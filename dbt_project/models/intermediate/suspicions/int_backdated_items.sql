with items as (
    select * from {{ ref('int_item_looks') }}
),

visits as (
    select
        visits.*,
        captures.captured_at,
        coalesce(captures.server_date, captures.captured_at) as as_of
    from {{ ref('stg_page_visits') }} as visits
    inner join {{ ref('stg_captures') }} as captures using (capture_id)
    where captures.is_current and visits.page_kind = 'column'
),

-- At its first sight anywhere on the site: an item that moves from one column to another is not new.
first_sights as (
    select
        items.*,
        visits.url as list_url
    from items
    inner join visits using (capture_id, column_name)
    where items.page_kind = 'column' and items.claimed_date is not null
    qualify
        items.captured_at = min(items.captured_at) over (partition by items.site_code, items.url)
        and items.captured_at
        = min(items.captured_at) over (partition by items.site_code, items.column_name, items.url)
),

seen_before as (
    select
        site_code,
        url,
        min(captured_at) as first_captured_at
    from items
    group by all
),

-- An earlier look at the same list that was complete, made when the claimed day was over, and that reached
-- back past that day: had the item been there, it would have been seen. On a first look nothing is late.
lacking as (
    select
        first_sights.*,
        visits.capture_id as earlier_capture_id,
        visits.captured_at as earlier_captured_at,
        visits.as_of as earlier_as_of,
        visits.evidence_sha256 as earlier_evidence_sha256
    from first_sights
    inner join seen_before
        on
            first_sights.site_code = seen_before.site_code
            and first_sights.url = seen_before.url
            and first_sights.captured_at = seen_before.first_captured_at
    inner join visits
        on
            first_sights.site_code = visits.site_code
            and first_sights.column_name = visits.column_name
            and first_sights.list_url = visits.url
            and first_sights.captured_at > visits.captured_at
            and {{ day_end('first_sights.claimed_date') }} < visits.as_of
    where
        visits.outcome = 'ok_complete'
        and (
            visits.reached_end
            or visits.items_seen = 0
            or coalesce(visits.oldest_date < first_sights.claimed_date, false)
        )
),

-- The same title under the same day was there at another address: the system was changed, not the date.
readdressed as (
    select
        lacking.capture_id,
        lacking.column_name,
        lacking.url
    from lacking
    inner join items
        on
            lacking.site_code = items.site_code
            and lacking.title = items.title
            and lacking.claimed_date = items.claimed_date
            and lacking.captured_at > items.captured_at
),

truly_new as (
    select lacking.*
    from lacking
    anti join readdressed using (capture_id, column_name, url)
)

select
    period,
    site_code,
    column_name,
    list_url,
    url,
    title,
    claimed_date,
    {{ shanghai_day('earlier_as_of') }} as absent_on,
    {{ shanghai_day('as_of') }} as first_seen_on,
    earlier_evidence_sha256 as first_evidence_sha256,
    evidence_sha256 as second_evidence_sha256,
    earlier_captured_at as first_captured_at,
    captured_at as second_captured_at
from truly_new
qualify row_number() over (
    partition by site_code, column_name, url
    order by earlier_captured_at desc, earlier_capture_id desc
) = 1
