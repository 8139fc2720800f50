-- Who is named in the annexes: every subject that a veto fails, once, however many points and clauses.
with problems as (
    select subject_kind, subject_id, problem, min(indicator_code) as indicator_code, min(measured) as measured
    from marts.fct_findings
    where period = $period and is_veto
    group by all
),
failed as (
    select
        subject_kind,
        subject_id,
        list(problem order by indicator_code, problem) as problems,
        string_agg(measured, '；' order by indicator_code, problem) as measured
    from problems
    group by all
)
select
    subjects.subject_kind,
    subjects.subject_name as name,
    subjects.organiser,
    coalesce(subjects.annex_platform, subjects.site_class_name, '') as "group",
    failed.problems,
    coalesce(failed.measured, '') as measured
from marts.dim_subjects as subjects
inner join failed using (subject_kind, subject_id)
where subjects.period = $period
order by subjects.subject_kind, subjects.position
