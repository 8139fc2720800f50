select
    epoch(point) as instant,
    strftime(timezone('Asia/Shanghai', point), '%Y-%m-%d %H:%M') as label
from (select unnest(monitoring_points) as point from marts.dim_periods where period = $period)
order by instant
