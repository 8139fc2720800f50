-- A suspicion that a reviewer has confirmed is a finding like any other, with both pieces of its evidence.
with confirmed as (
    select
        suspicions.period,
        suspicions.site_code as subject_id,
        kinds.problem_zh as problem,
        min(suspicions.reviewed_on) as observed_on,
        arg_min(suspicions.first_evidence_sha256, suspicions.suspicion_id) as evidence_sha256,
        arg_min(suspicions.second_evidence_sha256, suspicions.suspicion_id) as second_evidence_sha256,
        arg_min(suspicions.reviewer, suspicions.suspicion_id) as reviewer
    from {{ ref('int_suspicions') }} as suspicions
    inner join {{ ref('suspicion_kinds') }} as kinds on suspicions.kind = kinds.code
    where suspicions.status = 'confirmed'
    group by all
),

findings as (
    select
        period,
        position,
        subject_kind,
        subject_id,
        indicator,
        problem,
        observed_on,
        evidence_sha256,
        reviewer,
        null as second_evidence_sha256
    from {{ ref('stg_manual_findings') }}
    union all by name
    select
        *,
        'website' as subject_kind,
        'W1' as indicator,
        -- after the office's own rows, which count from 1
        1000000 + row_number() over (order by subject_id, problem) as position
    from confirmed
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
    arg_min(second_evidence_sha256, position) as second_evidence_sha256,
    list_distinct(flatten(list([evidence_sha256, second_evidence_sha256]))) as evidence_sha256s,
    arg_min(reviewer, position) as reviewer
from settled
group by period, subject_kind, subject_id, indicator_code
