-- A date that changes between two visits: on the list, or in the article.
with items as (
    select * from {{ ref('int_item_looks') }}
),

claims as (
    select
        *,
        case when is_from_article then 'article' else 'list' end as claimed_by,
        claimed_date as claimed,
        evidence_sha256 as evidence
    from items
    where claimed_date is not null
    union all
    select
        *,
        'article' as claimed_by,
        article_published_on as claimed,
        article_sha256 as evidence
    from items
    where article_published_on is not null and not is_from_article
),

in_turn as (
    select
        *,
        lag(claimed) over visits_in_turn as claimed_before,
        lag(evidence) over visits_in_turn as evidence_before,
        lag(captured_at) over visits_in_turn as captured_before,
        lag(is_yearless) over visits_in_turn as was_yearless
    from claims
    window visits_in_turn as (
        partition by site_code, page_kind, column_name, url, claimed_by
        order by captured_at, capture_id
    )
),

-- A day printed without its year is read as the latest such day: it moves on by itself.
changed as (
    select
        *,
        claimed as new_date,
        evidence_before as first_evidence_sha256,
        evidence as second_evidence_sha256,
        captured_before as first_captured_at,
        captured_at as second_captured_at
    from in_turn
    where
        claimed <> claimed_before
        and not (
            (is_yearless or was_yearless) and strftime(claimed, '%m%d') = strftime(claimed_before, '%m%d')
        )
)

select
    {{ suspicion_columns(
        'date_changed', "claimed_before || '>' || new_date",
        "case claimed_by when 'list' then '列表' else '正文' end || '的发布日期由 ' || claimed_before
        || ' 改为 ' || new_date"
    ) }}
from changed
