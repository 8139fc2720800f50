select r.capture_id, r.subject_id, r.sha256, c.capture_id is not null as capture_landed
from evidence as r
left join looks as c using (capture_id)
