select
    r.capture_id, r.subject_id, r.evidence_sha256, r.is_open, r.entries,
    coalesce(json_valid(r.entries), false) as is_json,
    -- What a menu that is closed offers is offered to nobody.
    r.is_open or r.has_interaction is not distinct from false as is_coherent,
    r.identity_seen is null or ends_with(r.subject_id, ':' || r.identity_seen) as is_own,
    c.capture_id is not null as capture_landed,
    r.evidence_sha256 is null or e.sha256 is not null as evidence_landed
from account_menus as r
left join looks as c using (capture_id)
left join hashes as e on r.evidence_sha256 = e.sha256
