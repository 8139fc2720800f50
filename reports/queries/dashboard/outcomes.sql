-- What the newest look at each subject came to, platform by platform.
select
    coalesce(subjects.platform_name, '政府网站') as place,
    coalesce(captures.outcome_name, '尚未采集') as outcome_name,
    coalesce(starts_with(captures.outcome, 'ok_'), false) as is_ok,
    count(*) as subjects
from marts.dim_subjects as subjects
left join marts.fct_captures as captures
    on
        subjects.period = captures.period
        and subjects.subject_kind = captures.subject_kind
        and subjects.subject_id = captures.subject_id
        and captures.is_current
where subjects.period = $period
group by place, outcome_name, is_ok
order by place = '政府网站', place, is_ok desc, subjects desc
