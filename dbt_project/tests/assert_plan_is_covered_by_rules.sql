-- Every code of the plan names a clause of its rule set: otherwise checks would silently be missing. (That
-- the rule set is in force is seen to before anything is built.)
with plan as (
    select * from {{ ref('stg_plan') }}
    where {{ is_assessed() }}
),

codes as (
    select
        rule_set,
        unnest(indicators) as plan_code
    from plan
)

select
    'no such clause' as fault,
    codes.plan_code as what
from codes
left join {{ ref('int_rules') }} as rules
    on
        codes.rule_set = rules.rule_set
        and rules.is_usable
        and {{ covers('codes.plan_code', 'rules.code') }}
where rules.code is null
