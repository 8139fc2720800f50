select
    r.capture_id, r.run_id, r.subject_kind, r.subject_id, r.captured_at, r.outcome, r.evidence_sha256,
    r.evidence_sha256 is null or e.sha256 is not null as evidence_landed
from captures as r
left join hashes as e on r.evidence_sha256 = e.sha256
