with indicators as (
    select * from {{ ref('int_rules') }}
),

rule_sets as (
    select * from {{ ref('rule_sets') }}
)

select
    indicators.rule_set,
    indicators.code as indicator_code,
    indicators.parent,
    indicators.subject_kind,
    indicators.name_zh,
    indicators.clause,
    indicators.kind,
    indicators.is_manual,
    indicators.comparison,
    indicators.threshold,
    indicators.unit,
    indicators.window_value,
    indicators.window_unit,
    indicators.applies_to,
    indicators.annex_text,
    indicators.is_confirmed,
    indicators.note,
    rule_sets.basis,
    rule_sets.effective_from,
    rule_sets.effective_to,
    rule_sets.jurisdiction,
    indicators.points,
    indicators.defined_in
from indicators
inner join rule_sets on indicators.rule_set = rule_sets.code
