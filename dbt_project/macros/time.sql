{# Officials' days are days in Asia/Shanghai; everything is stored in UTC. #}

{# The calendar day, in Asia/Shanghai, that an instant falls in. #}
{% macro shanghai_day(instant) -%}
    cast(timezone('Asia/Shanghai', {{ instant }}) as date)
{%- endmacro %}


{# The first instant of a day. #}
{% macro day_start(day) -%}
    timezone('Asia/Shanghai', cast({{ day }} as timestamp))
{%- endmacro %}


{# The last second of a day: lists and articles show no finer time. #}
{% macro day_end(day) -%}
    timezone('Asia/Shanghai', cast({{ day }} as timestamp) + interval '23:59:59')
{%- endmacro %}


{# Was a post's time told as a bare day? Its published_at is then the day's last second. #}
{% macro is_bare_day(posts) -%}
    (
        {{ posts }}.published_rule = 'wechat_ref_date'
        or ({{ posts }}.published_rule in ('weibo_month_day', 'weibo_date') and not contains({{ posts }}.published_raw, ':'))
    )
{%- endmacro %}


{# The first instant that a post's time allows. #}
{% macro earliest_instant(posts) -%}
    case
        when {{ is_bare_day(posts) }} then {{ day_start(shanghai_day(posts ~ '.published_at')) }}
        else {{ posts }}.published_at
    end
{%- endmacro %}


{#
  Where the half-open window (start, T] before monitoring point T opens. Days are 24 hours; months are
  calendar months in Asia/Shanghai. The start itself is outside the window.
#}
{% macro window_start(instant, value, unit) -%}
    case {{ unit }}
        when 'day' then {{ instant }} - to_days({{ value }})
        when 'month'
            then timezone('Asia/Shanghai', timezone('Asia/Shanghai', {{ instant }}) - to_months({{ value }}))
    end
{%- endmacro %}


{# As people read it: 2021-03-31 10:00, in Asia/Shanghai. #}
{% macro minute_text(instant) -%}
    strftime(timezone('Asia/Shanghai', {{ instant }}), '%Y-%m-%d %H:%M')
{%- endmacro %}


{# A number of hours, fractions too, as an interval. #}
{% macro hours(number) -%}
    to_microseconds(cast({{ number }} * 3600e6 as bigint))
{%- endmacro %}


{#
  Of a sorted list of one-instant lists: the first instant, then each that is at least `hours_apart` later
  than the one taken before it. As one list; null where there is none. (sqlfluff cannot read a lambda of two
  arguments: who calls this says "noqa: PRS".)
#}
{% macro spaced_out(instants, hours_apart) -%}
    list_reduce(
        {{ instants }},
        lambda taken, instant: case
            when instant[1] >= taken[-1] + {{ hours(hours_apart) }} then list_concat(taken, instant)
            else taken
        end
    )
{%- endmacro %}
