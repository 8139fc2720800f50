-- A site's list shows days; the day of the look is the day in Asia/Shanghai.
select
    r.capture_id, r.site_code, r.column_name, r.url, r.claimed_date, r.evidence_sha256,
    cast(timezone('Asia/Shanghai', c.ended_at) as date) as look_day,
    c.capture_id is not null as capture_landed,
    r.evidence_sha256 is null or e.sha256 is not null as evidence_landed
from site_items as r
left join looks as c using (capture_id)
left join hashes as e on r.evidence_sha256 = e.sha256
