-- 服务不实用: ≥ 4 of the eight elements missing in ≥ 5 guides, or in every guide where there are fewer than 5.
-- A guide that was not read (on another host, beyond the setting) may be either; no item seen proves nothing.
with grid as (
    select * from {{ ref('int_check_grid') }}
    where indicator_code = 'W6'
),

looks as (
    select * from {{ ref('int_duty_looks') }}
    where indicator_code = 'W6'
),

limits as (
    select
        plan.period,
        max(limits.value) filter (where limits.name = 'elements_missing') as elements,
        max(limits.value) filter (where limits.name = 'items') as items
    from {{ ref('stg_plan') }} as plan
    inner join {{ ref('indicator_limits') }} as limits
        on plan.rule_set = limits.rule_set and limits.code = 'W6'
    group by plan.period
),

registered as (
    select
        period,
        site_code as subject_id,
        count(*) as registered
    from {{ ref('stg_columns') }}
    where column_class = 'service'
    group by all
),

lists as (
    select
        visits.capture_id,
        count(distinct visits.column_name) filter (where visits.outcome = 'ok_complete') as lists_complete,
        arg_min(visits.column_name || '：' || outcomes.name_zh, visits.column_name) filter (
            where visits.outcome <> 'ok_complete'
        ) as unread
    from {{ ref('stg_duty_visits') }} as visits
    inner join {{ ref('outcomes') }} as outcomes on visits.outcome = outcomes.code
    where visits.page_kind = 'service'
    group by visits.capture_id
),

-- An item in several lists is one item.
items as (
    select
        capture_id,
        url,
        any_value(item_name) as item_name,
        any_value(len(elements_missing)) as missing,
        any_value(detail) as detail,
        any_value(evidence_sha256) as evidence_sha256
    from {{ ref('stg_site_services') }}
    group by capture_id, url
),

counted as (
    select
        looks.period,
        looks.subject_id,
        looks.monitoring_point,
        count(*) as total,
        count(*) filter (where items.missing >= limits.elements) as bad,
        count(*) filter (where items.missing is null) as unread_items,
        arg_min(items.item_name || '（' || items.detail || '）', items.url) filter (where items.missing is null)
            as unread_item,
        arg_min(items.item_name, items.url) filter (where items.missing >= limits.elements) as bad_item,
        coalesce(
            arg_min(items.evidence_sha256, items.url) filter (where items.missing >= limits.elements),
            arg_min(items.evidence_sha256, items.url)
        ) as evidence_sha256,
        list(distinct items.evidence_sha256) filter (where items.missing >= limits.elements)
            as evidence_sha256s
    from looks
    inner join items using (capture_id)
    inner join limits on looks.period = limits.period
    group by all
),

bounded as (
    select
        grid.*,
        looks.captured_at,
        limits.elements,
        limits.items as enough,
        lists.unread,
        counted.unread_item,
        counted.bad_item,
        counted.evidence_sha256,
        counted.evidence_sha256s,
        coalesce(registered.registered, 0) as registered,
        coalesce(counted.total, 0) as total,
        coalesce(counted.bad, 0) as bad,
        coalesce(counted.unread_items, 0) as unread_items,
        coalesce(lists.lists_complete >= registered.registered, false) as all_listed
    from grid
    inner join limits using (period)
    left join looks using (period, subject_id, monitoring_point)
    left join registered using (period, subject_id)
    left join lists on looks.capture_id = lists.capture_id
    left join counted using (period, subject_id, monitoring_point)
),

-- broken: the clause is broken for certain; may_be: it would be, were everything unread bad.
tested as (
    select
        *,
        bad >= enough or (all_listed and total between 1 and enough - 1 and bad = total) as broken,
        not all_listed
        or total = 0
        or bad + unread_items >= least(enough, total) as may_be
    from bounded
),

judged as (
    select
        *,
        {{ judge('broken::integer', 'case when broken or not may_be then broken::integer end') }} as judgement
    from tested
)

select
    {{ check_columns(
        status='judgement',
        reason="case
            when judgement = 'fail' then bad || ' 个事项的办事指南缺失 ' || elements || ' 类及以上要素（共 ' || total
                || ' 个事项），如：' || bad_item
            when judgement = 'pass' then total || ' 个事项中，缺失 ' || elements || ' 类及以上要素的有 ' || bad || ' 个'
            when captured_at is null then '未能判定：监测时间点后尚未采集'
            when registered = 0 then '未能判定：台账未登记办事服务栏目，请复核人核实网站有无办事服务并补登记'
            when unread_items > 0 then '未能判定：' || unread_items || ' 个事项的办事指南没有读到，请复核人逐个打开，如：'
                || unread_item
            when unread is not null then '未能判定：事项列表没有读完（' || unread || '），请人工打开核实'
            else '未能判定：没有读到任何事项，请复核人核实网站是否提供办事服务'
        end",
        measured="case when total > 0 then bad || '/' || total || ' 个事项缺失 ' || elements || ' 类及以上' end",
        evidence_sha256='evidence_sha256',
        evidence_sha256s='evidence_sha256s'
    ) }}
from judged
