-- 文不对题: the list's title against the article's own. A title that is cut off (…) or shortened is within the
-- other; a rewritten one shares most of its characters.
with titled as (
    select
        *,
        {{ bare_title('title') }} as list_bare,
        {{ bare_title('article_title') }} as article_bare,
        evidence_sha256 as first_evidence_sha256,
        article_sha256 as second_evidence_sha256,
        captured_at as first_captured_at,
        captured_at as second_captured_at
    from {{ ref('int_item_looks') }}
)

select
    {{ suspicion_columns(
        'title_mismatch', 'article_bare', "'列表标题《' || title || '》，正文标题《' || article_title || '》'"
    ) }}
from titled
where
    list_bare <> '' and article_bare <> ''
    and not contains(article_bare, list_bare)
    and not contains(list_bare, article_bare)
    and jaccard(list_bare, article_bare) < {{ suspicion_limit('title_mismatch') }}
