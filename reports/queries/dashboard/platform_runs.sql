select
    platform_name,
    run_id,
    strftime(timezone('Asia/Shanghai', started_at), '%Y-%m-%d %H:%M') as started_at,
    accounts,
    canaries,
    canaries_updated,
    status,
    reason_zh
from marts.fct_platform_runs
where period = $period
order by started_at desc, platform_name
