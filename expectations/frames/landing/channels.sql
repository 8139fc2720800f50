-- Every platform, and the websites: how many of the registered subjects some look of the period read.
with read as (
    select distinct subject_kind, subject_id from captures where outcome in (from ok_outcomes)
)
select
    g.channel,
    count(*) as registered,
    count(r.subject_id) as succeeded,
    count(r.subject_id) / count(*) as success_share
from registered as g
left join read as r using (subject_kind, subject_id)
group by g.channel
order by g.channel
