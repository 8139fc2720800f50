with source as (
    select * from {{ source('raw', 'registry_manual_scores') }}
),

latest as (
    select file from {{ ref('stg_snapshots') }}
)

select
    source.period,
    source.site_code,
    source.score,
    source.scored_on,
    source.reviewer
from source
inner join latest on source._file = latest.file
