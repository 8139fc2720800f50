-- Sites that fail by their score alone. A vetoed site is not scored, so none is in both lists.
with scored as (
    select subject_kind, subject_id, list(distinct problem) as problems, min(measured) as measured
    from marts.fct_findings
    where period = $period
    group by all
    having not bool_or(is_veto)
)
select
    subjects.subject_kind,
    subjects.subject_name as name,
    subjects.organiser,
    coalesce(subjects.site_class_name, '') as "group",
    scored.problems,
    coalesce(scored.measured, '') as measured
from marts.dim_subjects as subjects
inner join scored using (subject_kind, subject_id)
where subjects.period = $period
order by subjects.position
