with windows as (
    select * from {{ ref('int_page_windows') }}
),

visits as (
    select * from {{ ref('int_page_visits') }}
),

items as (
    select items.*
    from {{ ref('stg_site_items') }} as items
    inner join visits using (capture_id, page_kind, column_name)
    where visits.is_ok
),

-- An item may have come out anywhere between earliest_at and latest_at. Undated items prove no update.
listed as (
    select
        windows.period,
        windows.indicator_code,
        windows.monitoring_point,
        windows.site_code,
        windows.page_kind,
        windows.column_name,
        bool_or(items.earliest_at > windows.window_start and items.latest_at <= windows.monitoring_point)
            as is_updated,
        bool_or(items.latest_at > windows.window_start and items.earliest_at <= windows.monitoring_point)
            as may_be_updated,
        bool_or(items.earliest_at is null or items.earliest_at <= windows.monitoring_point) as had_items,
        max(items.claimed_date) filter (where items.earliest_at <= windows.monitoring_point)
            as last_claimed_date,
        arg_max(items.evidence_sha256, items.earliest_at) filter (
            where items.earliest_at <= windows.monitoring_point
        ) as item_evidence
    from windows
    inner join items using (site_code, page_kind, column_name)
    group by all
),

-- Only a complete look, made at or after T and reaching back past the window, proves that nothing came.
-- A page on which nothing is dated counts as not updated: were it unknown what its articles say, the look
-- would not be complete.
looked as (
    select
        windows.period,
        windows.indicator_code,
        windows.monitoring_point,
        windows.site_code,
        windows.page_kind,
        windows.column_name,
        bool_or(visits.is_ok) as was_read,
        bool_or(visits.is_ok and visits.is_navigation) as is_navigation,
        bool_or(visits.is_ok and visits.items_seen > 0) as shows_items,
        bool_or(
            visits.outcome = 'ok_complete' and visits.visited_at >= windows.monitoring_point
            and (
                visits.items_seen = 0
                or visits.reaches_back_to is null
                or (visits.page_kind = 'column' and visits.reached_end)
                or coalesce(visits.reaches_back_to <= windows.window_start, false)
            )
        ) as is_proven,
        bool_or(
            visits.outcome = 'ok_complete' and visits.visited_at >= windows.monitoring_point
            and visits.items_seen = 0 and not visits.is_navigation
        ) as was_blank,
        arg_max(visits.evidence_sha256, visits.visited_at) filter (
            where visits.outcome = 'ok_complete' and visits.visited_at >= windows.monitoring_point
        ) as visit_evidence,
        arg_min(
            case
                when not visits.is_ok or visits.outcome = 'ok_partial' then visits.outcome_zh
                when visits.visited_at < windows.monitoring_point then '采集早于监测时间点'
                else '列表没有回溯到期限起点'
            end,
            (visits.rank, -epoch_us(visits.visited_at))
        ) as why_unknown
    from windows
    inner join visits using (site_code, page_kind, column_name)
    group by all
),

stated as (
    select
        windows.*,
        listed.last_claimed_date,
        coalesce(looked.is_navigation, false) as is_navigation,
        case
            when looked.was_blank and not coalesce(listed.had_items, false) then true
            when looked.shows_items or listed.had_items then false
        end as is_blank,
        case
            when looked.was_blank and listed.had_items then 'emptied'
            when looked.was_blank then 'blank'
            when looked.shows_items or listed.had_items then 'has_items'
        end as content_state,
        case
            when windows.window_start is null then 'no_window'
            when listed.is_updated then 'updated'
            when listed.may_be_updated then 'possible'
            when looked.is_proven then 'not_updated'
            else 'unknown'
        end as state,
        coalesce(looked.why_unknown, '尚未采集') as why_unknown,
        case when listed.may_be_updated then listed.item_evidence else looked.visit_evidence end
            as evidence_sha256
    from windows
    left join listed using (period, indicator_code, monitoring_point, site_code, page_kind, column_name)
    left join looked using (period, indicator_code, monitoring_point, site_code, page_kind, column_name)
)

-- counts: whether the page counts towards the indicator's number; null where it cannot be told.
select
    period,
    indicator_code,
    monitoring_point,
    site_code,
    page_kind,
    column_name,
    position,
    window_start,
    state,
    is_blank,
    content_state,
    is_navigation,
    last_claimed_date,
    case
        when indicator_code = 'W4.3' then is_blank
        when indicator_code = 'W4.2' and (is_blank or state = 'no_window') then is_blank
        when state = 'not_updated' then true
        when state = 'updated' then false
    end as counts,
    case
        when state = 'updated' then '期限内有更新'
        when state = 'possible' then '列表只显示日期，是否在期限内更新要看具体时间'
        when is_blank then '空白栏目'
        when content_state = 'emptied' then '曾有内容，现已清空'
        when state = 'not_updated' then '期限内没有更新'
        when state = 'no_window' and is_blank = false then '有内容'
        else why_unknown
    end as state_reason,
    evidence_sha256
from stated
