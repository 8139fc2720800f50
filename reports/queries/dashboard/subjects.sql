-- Every subject of the period in the registry's order, with its verdict and the newest publication that was seen.
select
    subjects.subject_kind as kind,
    subjects.subject_id as id,
    subjects.subject_name as name,
    subjects.organiser,
    subjects.district,
    coalesce(subjects.platform_name, subjects.site_class_name) as "group",
    subjects.home_url as url,
    subjects.status,
    verdicts.verdict,
    coalesce(verdicts.problems, '') as problems,
    coalesce(verdicts.undetermined_reasons, '') as reasons,
    strftime(timezone('Asia/Shanghai', captures.newest_seen), '%Y-%m-%d') as last_update
from marts.dim_subjects as subjects
inner join marts.fct_verdicts as verdicts using (period, subject_kind, subject_id)
left join marts.fct_captures as captures
    on
        subjects.period = captures.period
        and subjects.subject_kind = captures.subject_kind
        and subjects.subject_id = captures.subject_id
        and captures.is_current
where subjects.period = $period
order by subjects.subject_kind = 'account', subjects.position
