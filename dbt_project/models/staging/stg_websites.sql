with source as (
    select * from {{ source('raw', 'registry_websites') }}
),

latest as (
    select file from {{ ref('stg_snapshots') }}
)

select
    source.period,
    source.position,
    source.site_code,
    source.site_name,
    source.site_class,
    source.organiser,
    source.supervisor,
    source.district,
    source.home_url,
    source.status,
    coalesce(source.exempt_indicators, []) as exempt_indicators,
    coalesce(source.is_sampled, true) as is_sampled
from source
inner join latest on source._file = latest.file
