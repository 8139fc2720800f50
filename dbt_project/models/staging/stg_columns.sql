with source as (
    select * from {{ source('raw', 'registry_columns') }}
),

latest as (
    select file from {{ ref('stg_snapshots') }}
)

select
    source.period,
    source.position,
    source.site_code,
    source.column_name,
    source.column_class,
    source.url,
    source.update_within_days,
    source.column_level
from source
inner join latest on source._file = latest.file
