select sha256, min(role) as role, min(media_type) as media_type, min(url) as url, min(seen_at) as seen_at
from marts.fct_evidence
where period = $period and subject_id = $subject
group by sha256
union all by name
select
    checks.sha256,
    'reviewer' as role,
    '' as media_type,
    '' as url,
    null::timestamptz as seen_at
from (
    select distinct
        subject_id,
        -- of periods that an earlier release worked out only the first is named
        unnest(coalesce(evidence_sha256s, [evidence_sha256])) as sha256
    from marts.fct_checks
    where period = $period and subject_id = $subject
) as checks
where
    checks.sha256 is not null
    and not exists (
        select 1 from marts.fct_evidence as evidence
        where evidence.sha256 = checks.sha256 and evidence.subject_id = checks.subject_id
    )
order by seen_at nulls last, sha256
