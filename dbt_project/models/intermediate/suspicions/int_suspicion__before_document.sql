-- Published before the document was written (成文日期, 落款).
with published as (
    select
        *,
        least(claimed_date, article_published_on) as published_on,
        evidence_sha256 as first_evidence_sha256,
        article_sha256 as second_evidence_sha256,
        captured_at as first_captured_at,
        captured_at as second_captured_at
    from {{ ref('int_item_looks') }}
)

select
    {{ suspicion_columns(
        'before_document', "published_on || '<' || document_dated_on",
        "'发布日期 ' || published_on || ' 早于文件的成文日期 ' || document_dated_on"
    ) }}
from published
where published_on < document_dated_on
