select
    subject_kind, subject_id, indicator_code, nullif(trim(problem), '') as problem, evidence_sha256,
    coalesce(evidence_sha256, '') <> '' or coalesce(trim(reviewer), '') <> '' as backed
from marts.fct_findings
where period = $period
order by all
