with totals as (
    select
        period,
        monitoring_point,
        site_code,
        any_value(visits_per_day) as visits_per_day,
        sum(visits)::bigint as visits,
        sum(valid)::bigint as valid,
        sum(failed)::bigint as failed,
        sum(own_outages)::bigint as own_outages,
        sum(outstanding)::bigint as outstanding,
        count(*) filter (where valid < visits_per_day) as short_days,
        min(first_probe_at) as first_probe_at,
        max(last_probe_at) as last_probe_at,
        coalesce(bool_or(is_simulated), false) as is_simulated,
        arg_max(evidence_sha256, last_failure_at) as evidence_sha256,
        list_distinct(flatten(list(evidence_sha256s))) as evidence_sha256s
    from {{ ref('int_probe_days') }}
    group by all
)

-- Bounds of the share of failures, in percent: what is outstanding may all open, or all fail.
select
    *,
    visits - valid - own_outages as unproven,
    case when valid > 0 then 100.0 * failed / valid end as share,
    100.0 * failed / (valid + outstanding) as share_low,
    100.0 * (failed + outstanding) / (valid + outstanding) as share_high
from totals
