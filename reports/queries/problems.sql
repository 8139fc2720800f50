-- The clauses that a veto was found under, websites' first. Under each, whoever shares a wording together, in
-- registry order; accounts with their platform, since one name may stand on several.
with found as (
    select distinct
        findings.subject_kind, findings.subject_id, findings.indicator_code, findings.indicator_name,
        rtrim(findings.clause, '。') as clause,
        findings.problem,
        subjects.position,
        '“' || subjects.subject_name || '”' || coalesce(subjects.annex_platform, '') as name
    from marts.fct_findings as findings
    inner join marts.dim_subjects as subjects using (period, subject_kind, subject_id)
    where findings.period = $period and findings.is_veto
),
worded as (
    select
        subject_kind, indicator_code, problem,
        min(position) as position,
        list(name order by position) as names
    from found
    group by subject_kind, indicator_code, problem
),
counted as (
    select subject_kind, indicator_code, indicator_name, clause, count(distinct subject_id) as subjects
    from found
    group by subject_kind, indicator_code, indicator_name, clause
)
select
    counted.subject_kind,
    counted.indicator_code as indicator,
    counted.indicator_name as name,
    counted.clause,
    counted.subjects,
    (
        select list({'problem': worded.problem, 'names': worded.names} order by worded.position, worded.problem)
        from worded
        where worded.subject_kind = counted.subject_kind and worded.indicator_code = counted.indicator_code
    ) as wordings
from counted
order by counted.subject_kind = 'account', counted.indicator_code
