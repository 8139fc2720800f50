select
    subject_kind, subject_id, monitoring_point, indicator_code, status,
    status <> 'undetermined' or coalesce(trim(reason), '') <> '' as explained,
    (status = 'not_applicable') = (not_applicable_kind is not null) as kind_given
from marts.fct_checks
where period = $period
order by all
