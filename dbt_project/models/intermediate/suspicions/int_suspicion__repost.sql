-- 旧稿重发: the same text under another title or address, with dates far apart.
with texts as (
    select
        *,
        coalesce(article_published_on, claimed_date) as published_on
    from {{ ref('int_item_looks') }}
    where
        article_text_sha256 is not null
        and coalesce(article_published_on, claimed_date) is not null
),

-- Each address once, as it was seen first.
articles as (
    select *
    from texts
    qualify row_number() over (
        partition by site_code, url, article_text_sha256
        order by captured_at, page_kind, column_name
    ) = 1
),

paired as (
    select
        *,
        first_value(published_on) over earliest_first as first_published_on,
        first_value(title) over earliest_first as first_title,
        first_value(url) over earliest_first as first_url,
        first_value(article_sha256) over earliest_first as first_evidence_sha256,
        article_sha256 as second_evidence_sha256,
        first_value(captured_at) over earliest_first as first_captured_at,
        captured_at as second_captured_at
    from articles
    window earliest_first as (
        partition by site_code, article_text_sha256
        order by published_on, captured_at, url
    )
)

select
    {{ suspicion_columns(
        'repost', 'first_url',
        "'正文与 ' || first_published_on || ' 的《' || first_title || '》相同，' || published_on || ' 又作《'
        || title || '》发布，相隔 ' || (published_on - first_published_on) || ' 天'"
    ) }}
from paired
where url <> first_url and published_on - first_published_on >= {{ suspicion_limit('repost') }}
