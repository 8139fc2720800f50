select
    r.capture_id, r.site_code, r.column_name, r.url, r.evidence_sha256,
    -- Of a guide that was read, each of the eight elements was either found or missing.
    coalesce(len(r.elements_found) + len(r.elements_missing), 8) as elements,
    (r.elements_found is null) = (coalesce(r.detail, '') <> '') as is_explained,
    c.capture_id is not null as capture_landed,
    r.evidence_sha256 is null or e.sha256 is not null as evidence_landed
from site_services as r
left join looks as c using (capture_id)
left join hashes as e on r.evidence_sha256 = e.sha256
