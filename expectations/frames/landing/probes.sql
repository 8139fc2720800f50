-- Visits of the availability probe, sites' and controls'. A failed visit must bring its evidence along.
select
    r.probe_id, r.run_id, r.slot, r.site_code, r.target_kind, r.url, r.probed_at, r.channel, r.outcome,
    r.elapsed_ms, r.limit_ms, r.evidence_sha256,
    (r.target_kind = 'site') = (r.site_code is not null) as named,
    r.opened is distinct from false or r.target_kind <> 'site' or r.evidence_sha256 is not null as proven,
    r.target_kind <> 'site' or r.opened is not distinct from case
        when r.outcome = 'opened' then true
        when r.outcome in ('slow', 'unreachable', 'error_page') then false
    end as agrees,
    r.simulated or r.limit_ms = 15000 as full_time
from probes as r
