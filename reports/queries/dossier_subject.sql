select
    subjects.subject_kind as kind,
    subjects.subject_id as id,
    subjects.subject_name as name,
    subjects.organiser,
    subjects.district,
    coalesce(subjects.platform_name, subjects.site_class_name, '') as "group",
    verdicts.verdict,
    coalesce(verdicts.problems, '') as problems,
    coalesce(verdicts.undetermined_reasons, '') as reasons
from marts.dim_subjects as subjects
inner join marts.fct_verdicts as verdicts using (period, subject_kind, subject_id)
where subjects.period = $period and subjects.subject_id = $subject
