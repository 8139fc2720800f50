with plan as (
    select * from {{ ref('stg_plan') }}
    where {{ is_assessed() }}
)

select
    period,
    unnest(monitoring_points) as monitoring_point
from plan
