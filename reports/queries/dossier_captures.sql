select
    capture_id,
    run_id,
    strftime(timezone('Asia/Shanghai', captured_at), '%Y-%m-%d %H:%M:%S') as captured_at,
    coalesce(strftime(timezone('Asia/Shanghai', server_date), '%Y-%m-%d %H:%M:%S'), '') as server_date,
    coalesce(channel, '') as channel,
    coalesce(url, '') as url,
    outcome,
    outcome_name,
    coalesce(detail, '') as detail,
    items_seen,
    extractor_version,
    is_current
from marts.fct_captures
where period = $period and subject_id = $subject
order by captured_at
