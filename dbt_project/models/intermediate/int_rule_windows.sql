with rule_sets as (
    select * from {{ ref('rule_sets') }}
),

windows as (
    select * from {{ ref('indicator_column_windows') }}
)

-- As int_rules: a rule set's own windows for a clause, all of them, else its base's.
select
    rule_sets.code as rule_set,
    windows.* exclude (rule_set)
from rule_sets
inner join windows on windows.rule_set in (rule_sets.code, rule_sets.based_on)
qualify rank() over (
    partition by rule_sets.code, windows.code
    order by windows.rule_set = rule_sets.code desc
) = 1
