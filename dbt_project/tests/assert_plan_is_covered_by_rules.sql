-- Every code of the plan names a clause of its rule set, and the rule set is in force at every monitoring
-- point: otherwise checks would silently be missing.
with plan as (
    select * from {{ ref('stg_plan') }}
    where period = {{ assessed_period() }}
),

codes as (
    select
        rule_set,
        unnest(indicators) as plan_code
    from plan
),

points as (
    select
        rule_set,
        unnest(monitoring_points) as monitoring_point
    from plan
)

select
    'no such clause' as fault,
    codes.plan_code as what
from codes
left join {{ ref('indicators') }} as rules
    on codes.rule_set = rules.rule_set and {{ covers('codes.plan_code', 'rules.code') }}
where rules.code is null

union all

select
    'rule set not in force' as fault,
    cast(points.monitoring_point as varchar) as what
from points
left join {{ ref('rule_sets') }} as rule_sets
    on
        points.rule_set = rule_sets.code
        and {{ shanghai_day('points.monitoring_point') }} >= rule_sets.effective_from
        and coalesce({{ shanghai_day('points.monitoring_point') }} <= rule_sets.effective_to, true)
where rule_sets.code is null
