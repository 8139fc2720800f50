-- Whoever is failed is told the clause, what was measured, the limit, and what it is seen by: the hash of the
-- evidence, or (where a person judged) who judged.
select
    subject_kind,
    subject_id,
    indicator_code,
    clause,
    measured,
    threshold,
    evidence_sha256,
    reviewer
from {{ ref('fct_checks') }}
where
    {{ is_assessed() }}
    and status = 'fail'
    and not coalesce(
        clause <> '' and measured <> '' and threshold <> '' and problem <> ''
        and (regexp_full_match(evidence_sha256, '[0-9a-f]{64}') or reviewer <> ''),
        false
    )
