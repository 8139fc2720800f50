{#
  Is this row of a period that this run assesses? Which ones is always given, never guessed from a clock: a day's
  run names its own quarter, a rebuild names them all and so goes over history once, not once a quarter.
#}
{% macro is_assessed(column='period') -%}
    {%- set periods = var('periods', none) -%}
    {%- if execute and not periods -%}
        {{ exceptions.raise_compiler_error("Give the periods: --vars '{periods: [2021Q1]}'") }}
    {%- endif -%}
    {{ column }} in ('{{ (periods or []) | join("', '") }}')
{%- endmacro %}


{#
  Incremental strategy of every mart that is kept by period: the assessed periods' rows are replaced as a
  whole. (delete+insert would delete only what the new rows name: a finding that is gone would stay.)
#}
{% macro get_incremental_replace_period_sql(arg_dict) %}
{%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') %}
    delete from {{ arg_dict['target_relation'] }} where {{ is_assessed() }};
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{% endmacro %}
