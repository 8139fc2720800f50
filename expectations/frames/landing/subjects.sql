-- Every row of the registry, and whether anything of this period looked at its subject.
select
    g.subject_kind, g.subject_id, g.name,
    (g.subject_kind, g.subject_id) in (select (subject_kind, subject_id) from captures) as captured
from registered as g
order by all
