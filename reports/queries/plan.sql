select
    sampling_from,
    sampling_to,
    [strftime(timezone('Asia/Shanghai', point), '%Y-%m-%d %H:%M:%S') for point in monitoring_points] as points,
    rule_set,
    rule_set_name,
    basis
from marts.dim_periods
where period = $period
