select
    subject_kind || ':' || subject_id as subject,
    sha256,
    stored_path,
    strftime(timezone('Asia/Shanghai', seen_at), '%Y-%m-%d %H:%M') as seen_at
from marts.fct_evidence
where period = $period and role = 'screenshot'
order by subject, seen_at desc
