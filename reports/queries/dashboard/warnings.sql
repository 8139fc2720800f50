select
    warnings.subject_kind as kind,
    warnings.subject_id as id,
    warnings.subject_name as name,
    warnings.organiser,
    coalesce(subjects.platform_name, subjects.site_class_name, '') as "group",
    strftime(timezone('Asia/Shanghai', warnings.last_update_at), '%Y-%m-%d') as last_update,
    warnings.days_since_update as days,
    warnings.level,
    warnings.level_name,
    strftime(timezone('Asia/Shanghai', warnings.as_of), '%Y-%m-%d %H:%M') as as_of,
    warnings.is_complete
from marts.fct_early_warnings as warnings
inner join marts.dim_subjects as subjects using (subject_kind, subject_id)
where subjects.period = $period and warnings.level is not null
order by warnings.days_since_update desc, subjects.position
