-- Every failed check, for the unit that has to mend it: organisers in the registry's order, websites first.
with organisers as (
    select organiser, min((subject_kind = 'account', position)) as place
    from marts.dim_subjects
    where period = $period
    group by organiser
)
select
    dense_rank() over (order by organisers.place, organisers.organiser) as organiser_position,
    organisers.organiser,
    findings.subject_name as name,
    coalesce(subjects.annex_platform, subjects.site_class_name, '') as "group",
    findings.indicator_code as indicator,
    findings.clause,
    findings.problem,
    coalesce(findings.measured, '') as measured,
    coalesce(findings.threshold, '') as threshold,
    strftime(findings.monitoring_point at time zone 'Asia/Shanghai', '%Y年%-m月%-d日 %H:%M') as point,
    coalesce(findings.evidence_sha256, '') as evidence
from marts.fct_findings as findings
inner join marts.dim_subjects as subjects using (period, subject_kind, subject_id)
inner join organisers on organisers.organiser = findings.organiser
where findings.period = $period
order by organiser_position, findings.subject_kind = 'account', subjects.position, findings.indicator_code
