-- A subject fails exactly where it has a finding, and is vetoed exactly where one of them is a veto.
with found as (
    select
        period,
        subject_kind,
        subject_id,
        bool_or(is_veto) as is_veto
    from {{ ref('fct_findings') }}
    where {{ is_assessed() }}
    group by period, subject_kind, subject_id
)

select
    verdicts.period,
    verdicts.subject_kind,
    verdicts.subject_id,
    verdicts.verdict
from {{ ref('fct_verdicts') }} as verdicts
left join found using (period, subject_kind, subject_id)
where
    {{ is_assessed('verdicts.period') }}
    and (
        (verdicts.verdict = 'fail') <> (found.subject_id is not null)
        or verdicts.is_veto <> coalesce(found.is_veto, false)
    )
