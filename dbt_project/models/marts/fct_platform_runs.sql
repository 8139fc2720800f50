with runs as (
    select * from {{ ref('int_platform_runs') }}
),

platforms as (
    select * from {{ ref('platforms') }}
)

select
    runs.period,
    runs.run_id,
    runs.platform,
    platforms.name_zh as platform_name,
    runs.started_at,
    runs.accounts,
    runs.canaries,
    runs.canaries_updated,
    runs.status,
    runs.reason_zh
from runs
inner join platforms on runs.platform = platforms.code
