select * from marts.fct_own_reconciliation
where period = $period
order by subject_kind desc, circular_id
