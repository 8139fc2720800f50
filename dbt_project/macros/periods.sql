{# The period that this run assesses, as a SQL literal. Always given, never guessed from a clock. #}
{% macro assessed_period() -%}
    {%- set period = var('period', none) -%}
    {%- if execute and not period -%}
        {{ exceptions.raise_compiler_error("Give the period: --vars '{period: 2021Q1}'") }}
    {%- endif -%}
    '{{ period }}'
{%- endmacro %}


{#
  Incremental strategy of every mart that is kept by period: the assessed period's rows are replaced as a
  whole. (delete+insert would delete only what the new rows name: a finding that is gone would stay.)
#}
{% macro get_incremental_replace_period_sql(arg_dict) %}
{%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') %}
    delete from {{ arg_dict['target_relation'] }} where period = {{ assessed_period() }};
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{% endmacro %}
