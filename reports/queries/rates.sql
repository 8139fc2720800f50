-- Totals first, then site classes and platforms in the order that circulars use; new ones come last.
with names as (
    select distinct 'platform' as breakdown, platform as breakdown_value, platform_name as name
    from marts.dim_subjects where period = $period
    union
    select distinct 'site_class', site_class, site_class_name from marts.dim_subjects where period = $period
)
select
    rates.subject_kind,
    rates.breakdown,
    coalesce(names.name, rates.breakdown_value) as name,
    rates.registered,
    rates.checked,
    rates.passed,
    rates.failed,
    rates.undetermined,
    rates.pass_rate_text as text,
    rates.status = 'provisional' as is_provisional
from marts.fct_quarterly_pass_rates as rates
left join names using (breakdown, breakdown_value)
where rates.period = $period and rates.breakdown in ('all', 'platform', 'site_class')
order by
    rates.breakdown <> 'all',
    list_position(
        ['portal', 'standalone', 'channel', 'douyin', 'kuaishou', 'wechat', 'weibo'], rates.breakdown_value
    ) nulls last,
    rates.breakdown_value
