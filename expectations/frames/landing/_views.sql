-- What the frames are compared with. Tables of the same names as the landing's are registered before.
create view registered as
select 'account' as subject_kind, subject_id, account_name as name, platform as channel
from registry_accounts where status <> 'closed'
union all
select 'website', site_code, site_name, 'websites' from registry_websites where status <> 'closed';

create view looks as select capture_id, min(captured_at) as captured_at from captures group by capture_id;

create view hashes as select distinct sha256 from evidence;
