-- What became of the findings of earlier periods, as far as later looks and reviewers say.
select state, count(*) as findings
from marts.fct_rectification
where period < $period
group by state
order by state
