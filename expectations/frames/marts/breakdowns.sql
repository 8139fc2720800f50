-- Each breakdown, summed up, beside the registry.
with registry as (
    select subject_kind, count(*) as in_registry from marts.dim_subjects where period = $period group by all
),
rates as (
    select subject_kind, breakdown, cast(sum(registered) as bigint) as registered
    from marts.fct_quarterly_pass_rates where period = $period group by all
)
select
    subject_kind,
    coalesce(breakdown, '（无）') as breakdown,
    coalesce(registered, 0) as registered,
    coalesce(in_registry, 0) as in_registry
from registry
full join rates using (subject_kind)
order by all
