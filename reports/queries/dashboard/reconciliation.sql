select * from marts.fct_circular_reconciliation order by period desc, circular_id, subject_kind desc
