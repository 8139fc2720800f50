with findings as (
    select * from {{ ref('stg_manual_findings') }}
),

indicators as (
    select * from {{ ref('int_plan_indicators') }}
),

-- A reviewer may write the clause (M3), the check (M3.1) or an item below it (W1.5). Each finding settles
-- one check: its own, else the manual one of its clause, else the clause's first.
settled as (
    select
        findings.*,
        indicators.indicator_code
    from findings
    inner join indicators
        on
            findings.period = indicators.period
            and findings.subject_kind = indicators.subject_kind
            and (
                {{ covers('findings.indicator', 'indicators.indicator_code') }}
                or {{ covers('indicators.indicator_code', 'findings.indicator') }}
            )
    qualify row_number() over (
        partition by findings.period, findings.position
        order by indicators.is_manual desc, indicators.indicator_code asc
    ) = 1
)

select
    period,
    subject_kind,
    subject_id,
    indicator_code,
    string_agg(problem, '；' order by position) as problem,
    min(observed_on) as observed_on,
    arg_min(evidence_sha256, position) as evidence_sha256,
    arg_min(reviewer, position) as reviewer
from settled
group by period, subject_kind, subject_id, indicator_code
