-- The two rates that are printed, beside the verdicts that they count and the plan's floor.
with counted as (
    select
        subject_kind,
        count(*) filter (where verdict = 'pass') as verdicts_pass,
        count(*) filter (where verdict = 'fail') as verdicts_fail
    from marts.fct_verdicts where period = $period group by all
)
select
    r.subject_kind, r.passed, r.failed, counted.verdicts_pass, counted.verdicts_fail,
    r.checked / nullif(r.sampled, 0) as coverage,
    p.coverage_floor,
    r.status = 'provisional' or r.checked / nullif(r.sampled, 0) >= p.coverage_floor as honest
from marts.fct_quarterly_pass_rates as r
inner join marts.dim_periods as p using (period)
left join counted using (subject_kind)
where r.period = $period and r.breakdown = 'all'
order by all
