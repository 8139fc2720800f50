-- What a reviewer has to look at: open ones and those whose clearing has lapsed, or with $every all of them.
select
    suspicions.suspicion_id,
    suspicions.status,
    subjects.subject_name,
    subjects.organiser,
    suspicions.kind_name,
    suspicions.title,
    suspicions.what_zh,
    suspicions.task,
    suspicions.url,
    suspicions.first_evidence_sha256,
    suspicions.second_evidence_sha256,
    suspicions.reviewer,
    suspicions.reason,
    cast(suspicions.expires_on as varchar) as expires_on
from marts.fct_suspicions as suspicions
left join marts.dim_subjects as subjects
    on
        suspicions.period = subjects.period
        and subjects.subject_kind = 'website'
        and suspicions.site_code = subjects.subject_id
where suspicions.period = $period and ($every or suspicions.status in ('open', 'expired'))
order by subjects.position, suspicions.site_code, suspicions.kind, suspicions.claimed_date, suspicions.suspicion_id
