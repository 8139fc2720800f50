select
    'website:' || site_code as subject,
    indicator_code as indicator,
    column_name as name,
    state,
    counts,
    state_reason as reason,
    strftime(last_claimed_date, '%Y-%m-%d') as last_date,
    evidence_sha256 as evidence
from marts.fct_column_states
where period = $period and column_name <> ''
order by subject, indicator_code, position
