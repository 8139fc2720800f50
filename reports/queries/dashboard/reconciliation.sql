select * from marts.fct_circular_reconciliation order by starts_with(period, '20') desc, period desc, circular_id, subject_kind desc
