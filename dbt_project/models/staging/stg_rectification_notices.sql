with source as (
    select * from {{ source('raw', 'registry_rectification_notices') }}
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
    source.issued_on,
    source.due_on
from source
inner join latest on source._file = latest.file
