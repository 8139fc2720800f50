-- What the newest look at each subject came to, platform by platform.
with newest as (
    select
        subject_kind,
        subject_id,
        outcome,
        outcome_name
    from marts.fct_captures
    where period = $period and is_current
    qualify row_number() over (
        partition by subject_kind, subject_id
        order by captured_at desc, attempt desc
    ) = 1
)

select
    coalesce(subjects.platform_name, '政府网站') as place,
    coalesce(newest.outcome_name, '尚未采集') as outcome_name,
    coalesce(starts_with(newest.outcome, 'ok_'), false) as is_ok,
    count(*) as subjects
from marts.dim_subjects as subjects
left join newest using (subject_kind, subject_id)
where subjects.period = $period
group by place, outcome_name, is_ok
order by place = '政府网站', place, is_ok desc, subjects desc
