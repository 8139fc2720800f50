-- A subject fails exactly where it has a finding, and is vetoed exactly where one of them is a veto.
with found as (
    select
        subject_kind,
        subject_id,
        bool_or(is_veto) as is_veto
    from {{ ref('fct_findings') }}
    where period = {{ assessed_period() }}
    group by subject_kind, subject_id
)

select
    verdicts.subject_kind,
    verdicts.subject_id,
    verdicts.verdict
from {{ ref('fct_verdicts') }} as verdicts
left join found using (subject_kind, subject_id)
where
    verdicts.period = {{ assessed_period() }}
    and (
        (verdicts.verdict = 'fail') <> (found.subject_id is not null)
        or verdicts.is_veto <> coalesce(found.is_veto, false)
    )
