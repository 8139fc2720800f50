-- In scope is who can be asked at all: something of the grid applies, or would if it had been sampled.
select
    period,
    subject_kind,
    subject_id,
    bool_or(not_applicable_kind is null or not_applicable_kind = 'not_sampled') as in_scope,
    bool_or(not_applicable_kind is null) as is_sampled
from {{ ref('int_check_grid') }}
group by period, subject_kind, subject_id
