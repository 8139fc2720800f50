-- Whose verdict of the period differs between two published files (attached as first and second), and what of
-- the checks that differ each of them says.
with verdicts as (
    select
        subject_kind, subject_id,
        coalesce(a.subject_name, b.subject_name) as name,
        coalesce(a.organiser, b.organiser) as organiser,
        coalesce(a.platform, b.platform, a.site_class, b.site_class) as "group",
        coalesce(a.position, b.position) as position,
        coalesce(a.verdict, 'none') as before,
        coalesce(b.verdict, 'none') as after
    from (select * from first.marts.fct_verdicts where period = $period) as a
    full join (select * from second.marts.fct_verdicts where period = $period) as b
        using (subject_kind, subject_id)
    where a.verdict is distinct from b.verdict
),
checks as (
    select
        subject_kind, subject_id, indicator_code,
        indicator_code || ' ' || a.reason || coalesce('（' || a.measured || '）', '') as before,
        indicator_code || ' ' || b.reason || coalesce('（' || b.measured || '）', '') as after
    from (select * from first.marts.fct_checks where period = $period) as a
    full join (select * from second.marts.fct_checks where period = $period) as b
        using (subject_kind, subject_id, indicator_code, monitoring_point)
    where a.status is distinct from b.status
),
reasons as (
    select
        subject_kind, subject_id,
        string_agg(distinct before, '；' order by before) as before_reason,
        string_agg(distinct after, '；' order by after) as after_reason
    from checks
    group by all
)
select
    subject_kind, name, organiser, coalesce("group", '') as "group", before, after,
    coalesce(before_reason, '') as before_reason, coalesce(after_reason, '') as after_reason
from verdicts
left join reasons using (subject_kind, subject_id)
order by subject_kind, position, name
