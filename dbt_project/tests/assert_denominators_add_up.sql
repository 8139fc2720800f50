-- Everybody registered is counted once, whatever came of the checks; each breakdown adds up to the whole.
with rates as (
    select * from {{ ref('fct_quarterly_pass_rates') }}
    where period = {{ assessed_period() }}
),

subjects as (
    select
        subject_kind,
        count(*) as registered
    from {{ ref('dim_subjects') }}
    where period = {{ assessed_period() }}
    group by subject_kind
),

sums as (
    select
        subject_kind,
        breakdown,
        sum(registered) as registered,
        sum(passed + failed + undetermined) as accounted,
        sum(checked) as checked,
        sum(passed + failed) as decided
    from rates
    group by subject_kind, breakdown
)

select
    subjects.subject_kind,
    sums.breakdown,
    subjects.registered,
    sums.registered as counted
from subjects
left join sums using (subject_kind)
where
    sums.registered is distinct from subjects.registered
    or sums.accounted <> sums.registered
    or sums.checked <> sums.decided
