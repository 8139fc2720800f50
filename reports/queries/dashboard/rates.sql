-- Every rate of every period, with the name that people read.
with names as (
    select distinct period, 'platform' as breakdown, platform as breakdown_value, platform_name as name
    from marts.dim_subjects
    union
    select distinct period, 'site_class', site_class, site_class_name from marts.dim_subjects
)
select
    rates.period,
    rates.subject_kind,
    rates.breakdown,
    coalesce(names.name, rates.breakdown_value) as name,
    rates.registered,
    rates.checked,
    rates.passed,
    rates.failed,
    rates.undetermined,
    rates.pass_rate,
    rates.wilson_low,
    rates.wilson_high,
    rates.pass_rate_text as text,
    rates.status = 'provisional' as is_provisional
from marts.fct_quarterly_pass_rates as rates
left join names using (period, breakdown, breakdown_value)
order by rates.period, rates.subject_kind desc, rates.breakdown, rates.failed desc, name
