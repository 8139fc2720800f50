-- The overall rates of the period in two published files (attached as first and second), as printed.
select subject_kind, a.pass_rate_text as before, b.pass_rate_text as after
from (from first.marts.fct_quarterly_pass_rates where period = $period and breakdown = 'all') as a
full join (from second.marts.fct_quarterly_pass_rates where period = $period and breakdown = 'all') as b
    using (subject_kind)
order by subject_kind
