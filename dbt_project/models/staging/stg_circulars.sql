with source as (
    select * from {{ source('raw', 'registry_circulars') }}
),

latest as (
    select
        file,
        run_id
    from {{ ref('stg_snapshots') }}
)

-- The same circular stands in the registry of every period since: the newest snapshot's words hold.
select
    source.circular_id,
    source.title,
    source.organ,
    source.circular_period as period,
    source.subject_kind,
    source.registered,
    source.checked,
    source.failed_listed,
    source.rate_stated
from source
inner join latest on source._file = latest.file
qualify row_number() over (
    partition by source.circular_id, source.circular_period, source.subject_kind
    order by latest.run_id desc
) = 1
