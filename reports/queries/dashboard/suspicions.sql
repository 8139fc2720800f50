select
    subjects.subject_kind as kind,
    subjects.subject_id as id,
    subjects.subject_name as name,
    suspicions.suspicion_id,
    suspicions.kind_name,
    suspicions.title,
    suspicions.what_zh,
    suspicions.status,
    coalesce(suspicions.reviewer, '') as reviewer,
    coalesce(suspicions.reason, '') as reason
from marts.fct_suspicions as suspicions
inner join marts.dim_subjects as subjects
    on
        suspicions.period = subjects.period
        and suspicions.site_code = subjects.subject_id
        and subjects.subject_kind = 'website'
where suspicions.period = $period
order by suspicions.status <> 'open', subjects.position, suspicions.kind_name, suspicions.title
