with sites as (
    select
        period,
        subject_id
    from {{ ref('int_subjects') }}
    where subject_kind = 'website'
),

columns as (
    select
        period,
        site_code as subject_id,
        count(*) as registered_columns
    from {{ ref('stg_columns') }}
    where column_class not in ('consultation', 'service')
    group by all
),

captures as (
    select
        captures.subject_id,
        arg_min(outcomes.name_zh, (outcomes.rank, -epoch_us(captures.captured_at))) as best_outcome_zh,
        arg_min(captures.evidence_sha256, (outcomes.rank, -epoch_us(captures.captured_at))) as evidence_sha256
    from {{ ref('stg_captures') }} as captures
    inner join {{ ref('outcomes') }} as outcomes on captures.outcome = outcomes.code
    where captures.subject_kind = 'website' and captures.is_current
    group by captures.subject_id
),

visits as (
    select
        site_code as subject_id,
        count(*) filter (where is_ok) as pages_read
    from {{ ref('int_page_visits') }}
    group by all
)

select
    sites.period,
    sites.subject_id,
    captures.best_outcome_zh,
    captures.evidence_sha256,
    coalesce(columns.registered_columns, 0) as registered_columns,
    coalesce(visits.pages_read, 0) as pages_read
from sites
left join columns using (period, subject_id)
left join captures using (subject_id)
left join visits using (subject_id)
