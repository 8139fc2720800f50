select subject_kind || ':' || subject_id as subject, count(distinct sha256) as files, sum(bytes) as bytes
from marts.fct_evidence
where period = $period
group by subject_kind, subject_id
order by subject
