{# Generic test: no two rows agree in all of `columns`. #}
{% test unique_together(model, columns) %}
    select {{ columns | join(', ') }}, count(*) as times
    from {{ model }}
    group by all
    having count(*) > 1
{% endtest %}
