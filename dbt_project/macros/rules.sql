{# By which rule set a plan is scored: its own, unless this run scores it by another beside (var rule_set). #}
{% macro scored_by(planned) -%}
    {%- if var('rule_set', none) -%} '{{ var("rule_set") }}' {%- else -%} {{ planned }} {%- endif -%}
{%- endmacro %}


{#
  Does clause or plan code `wide` cover the indicator `narrow`? W4 covers W4.1; W4.1 covers itself.
#}
{% macro covers(wide, narrow) -%}
    ({{ narrow }} = {{ wide }} or starts_with({{ narrow }}, {{ wide }} || '.'))
{%- endmacro %}


{#
  Three-valued judgement of a count (or score) of which only the bounds [low, high] are known; high is null
  where there is no upper bound. `comparison` and `threshold` say when the clause is broken: ge 5, lt 60.
  Both ends break it: fail. Neither does: pass. One does: nobody knows.
#}
{% macro judge(low, high) -%}
    case
        when comparison = 'ge' and {{ low }} >= threshold then 'fail'
        when comparison = 'ge' and ({{ high }} is null or {{ high }} >= threshold) then 'undetermined'
        when comparison = 'lt' and {{ high }} < threshold then 'fail'
        when comparison = 'lt' and {{ low }} < threshold then 'undetermined'
        else 'pass'
    end
{%- endmacro %}


{# The failing condition as people read it: ≥5, <60. #}
{% macro threshold_text() -%}
    case comparison when 'ge' then '≥' when 'lt' then '<' end || format('{:.10g}', threshold)
{%- endmacro %}


{#
  The one shape of every check: the grid's keys, then what came of it. What does not apply comes first; then
  a reviewer's finding, which settles any check (a person saw what the machine could not); then a reviewer's
  answer to what the check left open (int_check_reviews); then the check's own answer. A problem is named only
  where the check failed. `evidence_sha256s` is all that stands behind what was measured, the one named first
  among them. `open_question` is why the check could not tell by itself, whoever answered since.
#}
{% macro check_columns(status, reason, measured, evidence_sha256, evidence_sha256s='null', reviewer='null') %}
{%- set cleared = '(' ~ status ~ " = 'undetermined' and review_status = 'cleared')" -%}
{%- set confirmed = '(' ~ status ~ " = 'undetermined' and review_status = 'confirmed')" %}
    period,
    subject_kind,
    subject_id,
    indicator_code,
    monitoring_point,
    {{ threshold_text() }} as threshold,
    case
        when not_applicable_kind is not null then 'not_applicable'
        when finding_problem is not null then 'fail'
        when {{ cleared }} then 'pass'
        when {{ confirmed }} then 'fail'
        else {{ status }}
    end as status,
    case
        when not_applicable_kind is not null then not_applicable_reason
        when finding_problem is not null then '人工检查发现问题'
        when {{ cleared }} then '复核人核实没有问题：' || review_reason
        when {{ confirmed }} then '复核人核实确有问题：' || review_reason
        else {{ reason }}
    end as reason,
    case
        when not_applicable_kind is not null then null
        when finding_problem is not null then finding_problem
        when {{ confirmed }} then review_reason
        else {{ measured }}
    end as measured,
    case
        when not_applicable_kind is not null then null
        when finding_problem is not null then finding_problem
        when {{ status }} = 'fail' or {{ confirmed }} then annex_text
    end as problem,
    cast(case
        when not_applicable_kind is not null then null
        when finding_problem is not null then finding_evidence
        else {{ evidence_sha256 }}
    end as varchar) as evidence_sha256,
    case
        when not_applicable_kind is not null then null
        when finding_problem is not null then {{ hashes('finding_evidence', 'finding_evidences') }}
        else {{ hashes(evidence_sha256, evidence_sha256s) }}
    end as evidence_sha256s,
    cast(case
        when not_applicable_kind is not null then null
        when finding_problem is not null then finding_reviewer
        when {{ cleared }} or {{ confirmed }} then review_reviewer
        else {{ reviewer }}
    end as varchar) as reviewer,
    case
        when not_applicable_kind is null and finding_problem is null and {{ status }} = 'undetermined'
            then {{ reason }}
    end as open_question,
    not_applicable_kind
{% endmacro %}


{# One hash and more of them as one list: each once, in a fixed order, nulls left out. #}
{% macro hashes(one, more) -%}
    list_sort(list_distinct(list_append(coalesce(cast({{ more }} as varchar[]), []), cast({{ one }} as varchar))))
{%- endmacro %}


{#
  A check that only a person can make: the reviewer's finding fails it (check_columns). `without` is what
  silence means: 'pass' where the office looks at every subject, 'undetermined' where nobody may have looked.
#}
{% macro manual_check(indicator, without='pass', reason='人工检查未记录问题') %}
with grid as (
    select * from {{ ref('int_check_grid') }} where indicator_code = '{{ indicator }}'
)

select
    {{ check_columns(
        status="'" ~ without ~ "'",
        reason="'" ~ reason ~ "'",
        measured='null',
        evidence_sha256='null'
    ) }}
from grid
{% endmacro %}


{#
  A check that counts a site's columns. int_column_states says of each column whether it counts (true),
  does not (false), or cannot be told (null). A site of which no page was read proves nothing.
#}
{% macro column_count_check(indicator, word) %}
with grid as (
    select * from {{ ref('int_check_grid') }} where indicator_code = '{{ indicator }}'
),

counted as (
    select
        period,
        site_code as subject_id,
        monitoring_point,
        count(*) filter (where counts) as hits,
        count(*) filter (where counts is null) as unknown,
        arg_min(evidence_sha256, position) filter (where counts) as hit_evidence,
        list(distinct evidence_sha256) filter (where counts) as hit_evidences,
        arg_min(state_reason, position) filter (where counts is null) as unknown_reason
    from {{ ref('int_column_states') }}
    where indicator_code = '{{ indicator }}'
    group by all
),

judged as (
    select
        grid.*,
        sites.registered_columns,
        sites.pages_read,
        counted.hit_evidence,
        counted.hit_evidences,
        counted.unknown_reason,
        sites.evidence_sha256 as site_evidence,
        sites.best_outcome_zh,
        coalesce(counted.hits, 0) as hits,
        coalesce(counted.unknown, 0) as unknown,
        case
            when coalesce(sites.pages_read, 0) = 0 or coalesce(sites.registered_columns, 0) = 0
                then 'undetermined'
            else {{ judge('coalesce(counted.hits, 0)', 'coalesce(counted.hits, 0) + coalesce(counted.unknown, 0)') }}
        end as judgement
    from grid
    left join counted using (period, subject_id, monitoring_point)
    left join {{ ref('int_site_reach') }} as sites using (period, subject_id)
)

select
    {{ check_columns(
        status='judgement',
        reason="case
            when best_outcome_zh is null then '尚未采集'
            when pages_read = 0 then '没有读到任何页面：' || best_outcome_zh
            when registered_columns = 0 then '台账未登记栏目'
            when judgement = 'fail' then hits || ' 个栏目" ~ word ~ "'
            when judgement = 'undetermined'
                then unknown || ' 个栏目未能判定，如：' || coalesce(unknown_reason, '原因不明')
            else '" ~ word ~ "的栏目少于 ' || format('{:.10g}', threshold) || ' 个'
        end",
        measured="case
            when pages_read > 0 and registered_columns > 0
                then hits || ' 个栏目" ~ word ~ "'
                    || case when unknown > 0 then '，' || unknown || ' 个未能判定' else '' end
        end",
        evidence_sha256='coalesce(hit_evidence, site_evidence)',
        evidence_sha256s='hit_evidences'
    ) }}
from judged
{% endmacro %}


{#
  Roll-up of checks (grouped) to one verdict: one failure fails, one unknown leaves it open, and what does
  not apply is not held against anybody.
#}
{% macro verdict(status) -%}
    case
        when bool_or({{ status }} = 'fail') then 'fail'
        when bool_or({{ status }} = 'undetermined') then 'undetermined'
        else 'pass'
    end
{%- endmacro %}
