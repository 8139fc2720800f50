{# How many more failures bring `failed` of `total` visits to the clause's threshold (in percent). #}
{% macro failures_left(failed, total) -%}
    greatest(ceil(threshold * ({{ total }}) / 100) - {{ failed }}, 0)::bigint
{%- endmacro %}


{# A share of failures as people read it. Cut, never rounded up: 4.999 % has not reached 5 %. #}
{% macro share_text(failed, total) -%}
    format('{:.10g}', floor(10000.0 * {{ failed }} / {{ total }}) / 100) || '%'
{%- endmacro %}


{# Visits that do not count, and why. #}
{% macro void_text(own_outages, unproven) -%}
    case when {{ own_outages }} > 0 then '；自身断网 ' || {{ own_outages }} || ' 次不计' else '' end
    || case when {{ unproven }} > 0 then '；被对方拒绝或未能复核 ' || {{ unproven }} || ' 次不计' else '' end
{%- endmacro %}
