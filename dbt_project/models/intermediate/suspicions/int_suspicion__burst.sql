-- A warning is the day on which a reviewer noted a problem of the site (manual_findings.observed_on),
-- the only notice that the registry knows. After it, several items with older dates turn up in one
-- list at once.
with warnings as (
    select distinct
        subject_id as site_code,
        observed_on as warned_on
    from {{ ref('stg_manual_findings') }}
    where subject_kind = 'website'
),

bursts as (
    select
        items.period,
        items.site_code,
        items.column_name,
        items.list_url as url,
        items.column_name as title,
        warnings.warned_on,
        items.first_seen_on,
        count(*) as items_found,
        min(items.claimed_date) as claimed_date,
        arg_max(items.first_evidence_sha256, items.first_captured_at) as first_evidence_sha256,
        min(items.second_evidence_sha256) as second_evidence_sha256,
        max(items.first_captured_at) as first_captured_at,
        items.second_captured_at
    from {{ ref('int_backdated_items') }} as items
    inner join warnings
        on
            items.site_code = warnings.site_code
            and items.claimed_date <= warnings.warned_on
            and items.first_seen_on > warnings.warned_on
            and items.first_seen_on <= warnings.warned_on + {{ suspicion_limit('burst', 'window_days') }}
    group by all
)

select
    {{ suspicion_columns(
        'burst', "warned_on || '|' || first_seen_on",
        "warned_on || ' 记录问题之后，' || first_seen_on || ' 一次多出 ' || items_found
        || ' 条标注日期不晚于该日的信息，最早标注 ' || claimed_date"
    ) }}
from bursts
where items_found >= {{ suspicion_limit('burst') }}
-- Of several days of notice before the same burst the last one speaks.
qualify row_number() over (
    partition by site_code, url, first_seen_on
    order by warned_on desc
) = 1
