-- The grid that was expected beside the checks that came of it: none lost, none invented, none twice.
with grid as (
    select subject_kind, subject_id, monitoring_point, indicator_code, count(*) as n
    from intermediate.int_check_grid where period = $period group by all
),
checks as (
    select subject_kind, subject_id, monitoring_point, indicator_code, count(*) as n
    from marts.fct_checks where period = $period group by all
)
select
    subject_kind, subject_id, monitoring_point, indicator_code,
    coalesce(grid.n, 0) as expected,
    coalesce(checks.n, 0) as filled
from grid
full join checks using (subject_kind, subject_id, monitoring_point, indicator_code)
order by all
