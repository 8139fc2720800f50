select
    r.capture_id, r.site_code, r.column_name, r.url, r.message_id, r.asked_on, r.evidence_sha256,
    -- A channel without a public list has no message; a message of a public list has its id and its day.
    r.is_public_list = (r.message_id is not null and r.asked_on is not null) as is_whole,
    coalesce(r.replied_on >= r.asked_on, true) as answered_after_asked,
    c.capture_id is not null as capture_landed,
    r.evidence_sha256 is null or e.sha256 is not null as evidence_landed
from site_messages as r
left join looks as c using (capture_id)
left join hashes as e on r.evidence_sha256 = e.sha256
