{%- set names = ['w1', 'w2', 'w3', 'w4_1', 'w4_2', 'w4_3', 'w5', 'w6', 'm1', 'm2_1', 'm3_1'] -%}
{%- for name in names %}
    select * from {{ ref('int_check__' ~ name) }}
    {%- if not loop.last %}
        union all by name
    {%- endif %}
{%- endfor %}
