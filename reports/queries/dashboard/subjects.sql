-- Every subject of the period once, in the registry's order, with its verdict and the newest publication that was
-- seen, whichever look saw it.
with looks as (
    select
        subject_kind,
        subject_id,
        max(newest_seen) as newest_seen
    from marts.fct_captures
    where period = $period and is_current
    group by subject_kind, subject_id
)

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
    strftime(timezone('Asia/Shanghai', looks.newest_seen), '%Y-%m-%d') as last_update
from marts.dim_subjects as subjects
inner join marts.fct_verdicts as verdicts using (period, subject_kind, subject_id)
left join looks using (subject_kind, subject_id)
where subjects.period = $period
order by subjects.subject_kind = 'account', subjects.position
