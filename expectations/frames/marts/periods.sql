select * from marts.dim_periods where period = $period
