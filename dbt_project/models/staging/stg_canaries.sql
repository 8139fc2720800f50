with source as (
    select * from {{ source('raw', 'registry_canaries') }}
),

latest as (
    select file from {{ ref('stg_snapshots') }}
)

select
    source.period,
    source.position,
    source.subject_id,
    source.platform,
    source.platform_uid,
    source.account_name
from source
inner join latest on source._file = latest.file
