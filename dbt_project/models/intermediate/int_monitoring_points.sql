with plan as (
    select * from {{ ref('stg_plan') }}
    where period = {{ assessed_period() }}
)

select
    period,
    unnest(monitoring_points) as monitoring_point
from plan
