{# Exact arithmetic on whole numbers: a printed rate must not depend on how a double was rounded. #}

{# passed / checked in units of 10^-places percent, rounded half-up: 97.2 % at 1 place is 972. #}
{% macro rate_units(passed, checked, places) -%}
    ((200 * {{ passed }}::hugeint * pow(10, {{ places }})::hugeint + {{ checked }}) // (2 * {{ checked }}::hugeint))
{%- endmacro %}


{#
  A pass rate as circulars print it: half-up at `decimals`, trailing zeros trimmed (100%, 97.2%, 85%).
  It never says 100% where somebody failed nor 0% where somebody passed: it then takes as many more decimals
  as it needs to tell the difference. 无法计算 where nothing was checked.
#}
{% macro rate_text(passed, checked, decimals) -%}
    case
        when {{ checked }} = 0 then '无法计算'
        when {{ passed }} = {{ checked }} then '100%'
        when {{ passed }} = 0 then '0%'
        else
            list_transform(
                list_filter(
                    list_transform(
                        range({{ decimals }}, {{ decimals }} + 10),
                        lambda place: {
                            'place': place::integer,
                            'one': pow(10, place)::hugeint,
                            'units': {{ rate_units(passed, checked, 'place') }}
                        }
                    ),
                    lambda rate: rate['units'] > 0 and rate['units'] < 100 * rate['one']
                )[:1],
                lambda rate: (rate['units'] // rate['one'])::varchar
                || case
                    when rate['units'] % rate['one'] = 0 then ''
                    else '.' || rtrim(lpad((rate['units'] % rate['one'])::varchar, rate['place'], '0'), '0')
                end
                || '%'
            )[1]
    end
{%- endmacro %}


{# A printed rate's digits, before and after the point: 97.2% is 97 and 2. Empty where it is not a rate. #}
{% macro printed_digits(text) -%}
    regexp_extract({{ text }}, '^\s*(\d{1,3})(?:\.(\d{1,6}))?\s*[%％]?\s*$', ['whole', 'fraction'])
{%- endmacro %}


{#
  passed / checked, and nothing else: whoever divides by the registered or the sampled gets an error, not a
  rate. Null where nobody was checked.
#}
{% macro pass_rate(passed, failed, checked) -%}
    case
        when {{ checked }} = {{ passed }} + {{ failed }} then {{ passed }} / nullif({{ checked }}, 0)
        else error('合格率的分母只能是已判定数（合格数 + 不合格数）')
    end
{%- endmacro %}


{#
  One end ('low' or 'high') of the Wilson score interval, 95 %, of passed out of checked; null where nobody
  was checked. How far a rate of a few may be from the rate of many: 37 of 53 is 56 % to 80 %.
  Wilson (1927), J. Am. Stat. Assoc. 22: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n).
#}
{% macro wilson(passed, checked, end) -%}
    {%- set z = 1.959963984540054 -%}
    {%- set n = checked -%}
    {%- set p = '(' ~ passed ~ ' / ' ~ n ~ ')' -%}
    {%- set centre = p ~ ' + ' ~ z * z ~ ' / (2 * ' ~ n ~ ')' -%}
    {%- set half = z ~ ' * sqrt(' ~ p ~ ' * (1 - ' ~ p ~ ') / ' ~ n
        ~ ' + ' ~ z * z ~ ' / (4 * ' ~ n ~ ' * ' ~ n ~ '))' -%}
    {%- set sign = ' - ' if end == 'low' else ' + ' -%}
    {%- set scale = '(1 + ' ~ z * z ~ ' / ' ~ n ~ ')' -%}
    {#- The rate itself is one of the bounds: rounding must not push 0 % or 100 % out of its own interval. -#}
    {%- set outer = 'least' if end == 'low' else 'greatest' -%}
    case
        when {{ checked }} > 0
            then {{ outer }}({{ p }}, ({{ centre }}{{ sign }}{{ half }}) / {{ scale }})
    end
{%- endmacro %}
