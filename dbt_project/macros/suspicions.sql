{#
  The one shape of every W1 suspicion: what was seen, where, and both pieces of evidence. `key` is what tells
  one suspicion from another at the same address; with it the id stays the same whenever it is worked out.
#}
{% macro suspicion_columns(kind, key, what) %}
    period,
    's-' || substr(sha256(concat_ws('|', site_code, '{{ kind }}', url, {{ key }})), 1, 12) as suspicion_id,
    site_code,
    '{{ kind }}' as kind,
    column_name,
    url,
    title,
    claimed_date,
    {{ what }} as what_zh,
    first_evidence_sha256,
    second_evidence_sha256,
    first_captured_at,
    second_captured_at
{% endmacro %}


{# What a reviewer calls a check that was left open: the same in every quarter, until somebody answers. #}
{% macro review_id(subject_id, indicator_code) -%}
    'c-' || substr(sha256(concat_ws('|', {{ subject_id }}, {{ indicator_code }})), 1, 12)
{%- endmacro %}


{# A title without blanks, punctuation, case and width: what is left must differ for two titles to differ. #}
{% macro bare_title(title) -%}
    regexp_replace(
        translate(
            lower({{ title }}),
            '０１２３４５６７８９ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ',
            '0123456789abcdefghijklmnopqrstuvwxyz'
        ),
        '[^\p{L}\p{N}]', '', 'g'
    )
{%- endmacro %}


{# A number of `suspicion_kinds` as a scalar subquery. #}
{% macro suspicion_limit(kind, name='threshold') -%}
    (select kinds.{{ name }} from {{ ref('suspicion_kinds') }} as kinds where kinds.code = '{{ kind }}')
{%- endmacro %}
