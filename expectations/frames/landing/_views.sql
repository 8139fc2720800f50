-- What the frames are compared with: who was to be looked at, what was, and the evidence of it. Tables of the same names as the landing's are registered before.
create view registered as
select 'account' as subject_kind, subject_id, account_name as name, platform as channel
from registry_accounts where status <> 'closed' and coalesce(is_sampled, true)
union all
select 'website', site_code, site_name, 'websites'
from registry_websites where status <> 'closed' and coalesce(is_sampled, true);

-- A capture's own time is when it began, by this machine's clock. What it saw may be as late as its end, and
-- the platform's clock may be ahead of ours.
create view looks as
select capture_id, max(greatest(captured_at + to_milliseconds(coalesce(duration_ms, 0)), server_date)) as ended_at
from captures
group by capture_id;

create view hashes as select distinct sha256 from evidence;
