with snapshots as (
    select * from {{ source('raw', '_loaded_files') }}
    where starts_with(table_name, 'registry_')
),

-- By file and not by row: a table that is empty in the latest snapshot must stay empty.
latest as (
    select
        period,
        max(run_id) as run_id
    from snapshots
    group by period
)

select
    snapshots.file,
    snapshots.table_name,
    snapshots.period,
    snapshots.run_id
from snapshots
inner join latest using (period, run_id)
