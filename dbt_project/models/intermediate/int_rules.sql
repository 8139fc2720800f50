with rule_sets as (
    select * from {{ ref('rule_sets') }}
),

clauses as (
    select * from {{ ref('indicators') }}
)

-- A local rule set says only where it differs; of every other clause its base's words hold.
select
    rule_sets.code as rule_set,
    clauses.rule_set as defined_in,
    clauses.* exclude (rule_set),
    -- Of deductions and bonuses nobody may be judged by before their text and points have been seen.
    clauses.kind = 'veto' or clauses.is_confirmed as is_usable
from rule_sets
inner join clauses on clauses.rule_set in (rule_sets.code, rule_sets.based_on)
qualify row_number() over (
    partition by rule_sets.code, clauses.code
    order by clauses.rule_set = rule_sets.code desc
) = 1
