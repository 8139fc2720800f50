-- No check is lost, none is invented: fct_checks has exactly the grid's rows.
with grid as (
    select
        period,
        subject_kind,
        subject_id,
        indicator_code,
        monitoring_point,
        count(*) as expected
    from {{ ref('int_check_grid') }}
    group by all
),

checks as (
    select
        period,
        subject_kind,
        subject_id,
        indicator_code,
        monitoring_point,
        count(*) as filled
    from {{ ref('fct_checks') }}
    where {{ is_assessed() }}
    group by all
)

select
    subject_kind,
    subject_id,
    indicator_code,
    monitoring_point,
    grid.expected,
    checks.filled
from grid
full outer join checks using (period, subject_kind, subject_id, indicator_code, monitoring_point)
where grid.expected is distinct from checks.filled
