with probes as (
    select * from {{ ref('stg_probes') }}
    where target_kind = 'site'
)

-- One row a visit: the browser's where it looked again, since its word counts. A failure that no browser has
-- confirmed proves nothing, like a visit that was turned away or made while our own network was down.
select
    site_code,
    probed_at,
    outcome,
    limit_ms,
    simulated,
    evidence_sha256,
    opened is not null and (opened or channel = 'browser') as is_valid,
    coalesce(not opened, false) and channel = 'browser' as is_failed,
    outcome = 'own_outage' as is_own_outage
from probes
qualify row_number() over (
    partition by run_id, slot, site_code
    order by channel = 'browser' desc
) = 1
