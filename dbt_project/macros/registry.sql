{# A registry's status in Chinese, as the office writes it. #}
{% macro status_zh(status) -%}
    case {{ status }} when 'active' then '正常运行' when 'closing' then '申请关停' when 'closed' then '已关停' end
{%- endmacro %}


{# "名称由甲改为乙" where a registered value is another than before, else null. #}
{% macro change_zh(word, before, now) -%}
    case
        when {{ before }} is distinct from {{ now }}
            then '{{ word }}由“' || coalesce({{ before }}, '空') || '”改为“' || coalesce({{ now }}, '空') || '”'
    end
{%- endmacro %}
