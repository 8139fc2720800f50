-- The look that speaks for a site's public duties at T: the last one made at or after T that read the site.
-- Nothing seen before T tells how a message stood at T.
with grid as (
    select * from {{ ref('int_check_grid') }}
    where indicator_code in ('W5', 'W6')
),

looks as (
    select
        captures.capture_id,
        captures.subject_id,
        captures.captured_at,
        captures.outcome,
        captures.evidence_sha256
    from {{ ref('stg_captures') }} as captures
    inner join {{ ref('outcomes') }} as outcomes on captures.outcome = outcomes.code
    where captures.subject_kind = 'website' and captures.is_current and outcomes.is_ok
)

select
    grid.period,
    grid.subject_id,
    grid.indicator_code,
    grid.monitoring_point,
    grid.window_start,
    looks.capture_id,
    looks.captured_at,
    looks.evidence_sha256
from grid
inner join looks on grid.subject_id = looks.subject_id and grid.monitoring_point <= looks.captured_at
qualify row_number() over (
    partition by grid.period, grid.subject_id, grid.indicator_code, grid.monitoring_point
    order by looks.captured_at desc, looks.capture_id desc
) = 1
