-- Every subject without a verdict, with what stood in the way; several reasons in one cell.
with reasons as (
    select distinct subject_kind, subject_id, indicator_code, coalesce(reason, '原因不明') as reason
    from marts.fct_checks
    where period = $period and status = 'undetermined'
),
told as (
    select
        subject_kind,
        subject_id,
        string_agg(indicator_code || ' ' || reason, '；' order by indicator_code, reason) as reason
    from reasons
    group by all
)
select
    subjects.subject_kind,
    subjects.subject_name as name,
    subjects.organiser,
    coalesce(subjects.platform_name, subjects.site_class_name, '') as "group",
    coalesce(told.reason, '原因不明') as reason
from marts.fct_verdicts as verdicts
inner join marts.dim_subjects as subjects using (period, subject_kind, subject_id)
left join told using (subject_kind, subject_id)
where verdicts.period = $period and verdicts.verdict = 'undetermined'
order by subjects.subject_kind = 'account', subjects.position
