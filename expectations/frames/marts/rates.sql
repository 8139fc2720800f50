select
    subject_kind, breakdown, breakdown_value, registered, in_scope, sampled, checked, pass_rate, status,
    nullif(trim(pass_rate_text), '') as pass_rate_text,
    passed + failed + undetermined as accounted,
    passed + failed as decided,
    checked <= sampled and sampled <= in_scope and in_scope <= registered as in_order,
    (wilson_low <= pass_rate and pass_rate <= wilson_high) is not distinct from (if(checked > 0, true, null)) as in_interval,
    (pass_rate is not null) = (checked > 0) as rate_where_checked,
    abs(pass_rate - passed / nullif(checked, 0)) as rate_error
from marts.fct_quarterly_pass_rates
where period = $period
order by all
