-- "Does not apply" is never a bare word: it has its kind, and nothing else has one.
select
    subject_kind,
    subject_id,
    indicator_code,
    monitoring_point,
    status,
    not_applicable_kind
from {{ ref('fct_checks') }}
where
    {{ is_assessed() }}
    and (status = 'not_applicable') <> (not_applicable_kind is not null)
