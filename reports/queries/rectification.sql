-- What became of the findings of earlier periods, as far as later looks and reviewers say, and whose they are.
select
    state,
    list(subject_name order by period, subject_kind desc, subject_id, indicator_code) as names
from marts.fct_rectification
where period < $period
group by state
order by state
