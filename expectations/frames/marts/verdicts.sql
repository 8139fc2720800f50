-- Whoever was to be looked at, beside the verdicts; a verdict is "fail" exactly where there is a finding.
with subjects as (
    select subject_kind, subject_id from marts.dim_subjects where period = $period and is_sampled
),
verdicts as (
    select subject_kind, subject_id, min(verdict) as verdict, count(*) as n
    from marts.fct_verdicts where period = $period group by all
),
found as (
    select distinct subject_kind, subject_id from marts.fct_findings where period = $period
)
select
    subject_kind, subject_id, verdicts.verdict,
    coalesce(verdicts.n, 0) as verdicts,
    subjects.subject_id is not null as asked,
    (verdicts.verdict is not distinct from 'fail') = (found.subject_id is not null) as finding_matches
from subjects
full join verdicts using (subject_kind, subject_id)
left join found using (subject_kind, subject_id)
order by all
