-- Every subject of the registry at every monitoring point under every indicator of its kind.
with grid as (
    select * from intermediate.int_check_grid where period = $period
),
wanted as (
    select subject_kind, count(distinct monitoring_point) * count(distinct indicator_code) as cells
    from grid group by subject_kind
),
had as (
    select subject_kind, subject_id, count(*) as cells from grid group by all
)
select
    s.subject_kind, s.subject_id,
    coalesce(wanted.cells, 0) as wanted,
    coalesce(had.cells, 0) as had
from marts.dim_subjects as s
left join wanted using (subject_kind)
left join had using (subject_kind, subject_id)
where s.period = $period
order by all
