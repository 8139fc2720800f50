with plan as (
    select
        period,
        rule_set,
        unnest(indicators) as plan_code
    from {{ ref('stg_plan') }}
    where {{ is_assessed() }}
),

rules as (
    select * from {{ ref('int_rules') }}
    where is_usable
)

-- distinct: a plan may name W4 and W4.1 both.
select distinct
    plan.period,
    plan.rule_set,
    rules.code as indicator_code,
    rules.subject_kind,
    rules.name_zh,
    rules.clause,
    rules.kind,
    rules.is_manual,
    rules.comparison,
    rules.threshold,
    rules.window_value,
    rules.window_unit,
    rules.applies_to,
    rules.annex_text,
    rules.review_task
from plan
inner join rules
    on plan.rule_set = rules.rule_set and {{ covers('plan.plan_code', 'rules.code') }}
