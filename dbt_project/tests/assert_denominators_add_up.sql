-- registered ≥ in scope ≥ sampled ≥ checked, each counted from the subjects themselves; who was to be looked
-- at is decided or undetermined; each breakdown adds up to the whole.
with rates as (
    select * from {{ ref('fct_quarterly_pass_rates') }}
    where {{ is_assessed() }}
),

subjects as (
    select
        period,
        subject_kind,
        count(*) as registered,
        count(*) filter (where in_scope) as in_scope,
        count(*) filter (where is_sampled) as sampled
    from {{ ref('dim_subjects') }}
    where {{ is_assessed() }}
    group by period, subject_kind
),

sums as (
    select
        period,
        subject_kind,
        breakdown,
        sum(registered) as registered,
        sum(in_scope) as in_scope,
        sum(sampled) as sampled,
        sum(passed + failed + undetermined) as accounted,
        bool_and(
            checked = passed + failed
            and checked <= sampled and sampled <= in_scope and in_scope <= registered
        ) as in_order
    from rates
    group by period, subject_kind, breakdown
)

select
    subjects.period,
    subjects.subject_kind,
    sums.breakdown,
    subjects.registered,
    sums.registered as counted
from subjects
left join sums using (period, subject_kind)
where
    sums.registered is distinct from subjects.registered
    or sums.in_scope <> subjects.in_scope
    or sums.sampled <> subjects.sampled
    or sums.accounted <> sums.sampled
    or not sums.in_order
