with source as (
    select * from {{ source('raw', 'registry_manual_findings') }}
),

latest as (
    select file from {{ ref('stg_snapshots') }}
)

select
    source.period,
    source.position,
    source.subject_kind,
    source.subject_id,
    source.indicator,
    source.problem,
    source.observed_on,
    source.evidence_sha256,
    source.reviewer
from source
inner join latest on source._file = latest.file
