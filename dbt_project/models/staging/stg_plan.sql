with source as (
    select * from {{ source('raw', 'registry_plan') }}
),

latest as (
    select file from {{ ref('stg_snapshots') }}
)

select
    source.period,
    source.snapshot_at,
    source.snapshot_id,
    source.sampling_from,
    source.sampling_to,
    source.since,
    source.monitoring_points,
    source.indicators,
    {{ scored_by('source.rule_set') }} as rule_set,
    source.coverage_floor,
    source.website_decimals,
    source.account_decimals,
    source.confirm_observations,
    source.confirm_hours_apart,
    source.canary_hours,
    source.sample_seed,
    source.sample_accounts,
    source.sample_websites,
    coalesce(source.late_days, 3) as late_days
from source
inner join latest on source._file = latest.file
