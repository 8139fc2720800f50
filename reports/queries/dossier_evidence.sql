select sha256, min(role) as role, min(media_type) as media_type, min(url) as url, min(seen_at) as seen_at
from marts.fct_evidence
where period = $period and subject_id = $subject
group by sha256
union all by name
select distinct
    checks.evidence_sha256 as sha256,
    'reviewer' as role,
    '' as media_type,
    '' as url,
    null::timestamptz as seen_at
from marts.fct_checks as checks
where
    checks.period = $period
    and checks.subject_id = $subject
    and checks.evidence_sha256 is not null
    and not exists (
        select 1 from marts.fct_evidence as evidence
        where evidence.sha256 = checks.evidence_sha256 and evidence.subject_id = checks.subject_id
    )
order by seen_at nulls last, sha256
