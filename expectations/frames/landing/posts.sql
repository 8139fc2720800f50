select
    r.capture_id, r.subject_id, r.post_id, r.published_at, r.evidence_sha256,
    c.ended_at,
    c.capture_id is not null as capture_landed,
    r.evidence_sha256 is null or e.sha256 is not null as evidence_landed
from posts as r
left join looks as c using (capture_id)
left join hashes as e on r.evidence_sha256 = e.sha256
