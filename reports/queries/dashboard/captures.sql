select
    subject_kind || ':' || subject_id as subject,
    capture_id,
    strftime(timezone('Asia/Shanghai', captured_at), '%Y-%m-%d %H:%M:%S') as captured_at,
    channel,
    outcome,
    outcome_name,
    detail,
    http_status,
    items_seen,
    is_current,
    evidence_sha256 as evidence
from marts.fct_captures
where period = $period and subject_kind in ('account', 'website')
order by subject, captured_at desc
