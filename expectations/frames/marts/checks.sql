select
    subject_kind, subject_id, monitoring_point, indicator_code, status,
    status <> 'undetermined' or coalesce(trim(reason), '') <> '' as explained
from marts.fct_checks
where period = $period
order by all
