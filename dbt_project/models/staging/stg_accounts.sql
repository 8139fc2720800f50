with source as (
    select * from {{ source('raw', 'registry_accounts') }}
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
    source.account_name,
    source.organiser,
    source.supervisor,
    source.district,
    source.status,
    source.opened_on,
    source.closed_on,
    coalesce(source.exempt_indicators, []) as exempt_indicators,
    coalesce(source.is_sampled, true) as is_sampled
from source
inner join latest on source._file = latest.file
