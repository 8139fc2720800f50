select * from {{ ref('int_veto_checks') }}
union all by name
select * from {{ ref('int_check__score') }}
