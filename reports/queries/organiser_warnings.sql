-- Who is about to fail. The key changes with the level and with the last update: once a level and idle spell.
select
    warnings.organiser,
    warnings.subject_id,
    warnings.subject_name as name,
    coalesce(subjects.platform_name, subjects.site_class_name, '') as "group",
    warnings.level,
    warnings.level_name,
    warnings.days_since_update as days,
    warnings.is_complete,
    cast(timezone('Asia/Shanghai', warnings.as_of) as date) as as_of,
    strftime(timezone('Asia/Shanghai', warnings.last_update_at), '%Y-%m-%d %H:%M') as last_update,
    warnings.subject_kind || ':' || warnings.subject_id || '/' || warnings.level || '/'
    || coalesce(strftime(warnings.last_update_at, '%Y%m%d%H%M%S'), 'never') as key
from marts.fct_early_warnings as warnings
inner join marts.dim_subjects as subjects using (subject_kind, subject_id)
where subjects.period = $period
order by days desc, subjects.position
