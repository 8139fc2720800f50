with source as (
    select * from {{ source('raw', 'registry_clearances') }}
),

-- The office's file speaks of all quarters: the newest registry holds, whatever quarter it was loaded for.
latest as (
    select max(_file) as file
    from source
    where snapshot_at = (select max(plans.snapshot_at) from {{ source('raw', 'registry_plan') }} as plans)
)

select
    source.finding_period as period,
    source.subject_id,
    source.indicator,
    source.reason,
    source.reviewer,
    source.cleared_on,
    source.expires_on
from source
inner join latest on source._file = latest.file
