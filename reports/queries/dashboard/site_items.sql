with bounds as (
    select
        list_min(monitoring_points) - to_days(74) as from_instant,
        list_max(monitoring_points) + to_days(31) as to_instant
    from marts.dim_periods
    where period = $period
),
sites as (
    select subject_id from marts.dim_subjects where period = $period and subject_kind = 'website'
)
select
    'website:' || items.site_code as subject,
    epoch(timezone('Asia/Shanghai', cast(items.claimed_date as timestamp))) as instant,
    any_value(items.title) as title,
    false as is_pinned,
    false as is_repost
from marts.fct_site_items as items
inner join sites on items.site_code = sites.subject_id
inner join bounds on items.claimed_date between bounds.from_instant and bounds.to_instant
group by items.site_code, items.claimed_date
order by subject, instant
