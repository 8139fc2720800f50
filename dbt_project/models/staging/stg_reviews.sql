with source as (
    select * from {{ source('raw', 'registry_reviews') }}
),

latest as (
    select file from {{ ref('stg_snapshots') }}
)

-- A later review of the same suspicion takes the place of the earlier one.
select
    source.period,
    source.suspicion_id,
    source.decision,
    source.reason,
    source.reviewer,
    source.reviewed_on,
    source.expires_on
from source
inner join latest on source._file = latest.file
qualify row_number() over (
    partition by source.period, source.suspicion_id
    order by source.reviewed_on desc, source.position desc
) = 1
