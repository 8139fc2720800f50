select
    count(*) as captures,
    count(distinct (subject_kind, subject_id)) as captured_subjects,
    count(distinct evidence_sha256) as evidence
from marts.fct_captures
where period = $period and subject_kind in ('account', 'website')
