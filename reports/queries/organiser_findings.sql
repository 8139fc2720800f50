-- What each organiser has to mend, in the registry's order.
select
    findings.organiser,
    findings.subject_name as name,
    coalesce(subjects.annex_platform, subjects.site_class_name, '') as "group",
    findings.problem,
    coalesce(findings.measured, '') as measured,
    findings.subject_kind || ':' || findings.subject_id || '/' || findings.indicator_code
    || '/' || strftime(findings.monitoring_point, '%Y%m%d%H%M%S') as key
from marts.fct_findings as findings
inner join marts.dim_subjects as subjects using (period, subject_kind, subject_id)
where findings.period = $period
order by findings.subject_kind = 'account', subjects.position, findings.indicator_code
