with circulars as (
    select * from {{ ref('int_circulars') }}
),

-- A printed rate as whole units: 97.2% is 972 of 10 to a percent.
printed as (
    select
        *,
        {{ printed_digits('rate_stated') }} as digits
    from circulars
),

units as (
    select
        *,
        coalesce(digits['whole'], '') <> '' as has_rate,
        coalesce(checked > 0 and failed_listed between 0 and checked, false) as has_count,
        pow(10, length(digits['fraction']))::hugeint as one,
        try_cast(digits['whole'] || digits['fraction'] as hugeint) as stated_units
    from printed
),

-- Which passing counts would print so, half-up ([s - 1/2, s + 1/2)) or cut off ([s, s + 1))? The two ranges
-- touch, so together: s - 1/2 <= 100 * one * passing / checked < s + 1; here in whole numbers.
ranged as (
    select
        *,
        case
            when has_rate and checked > 0
                then greatest(0, ((2 * stated_units - 1) * checked + 200 * one - 1) // (200 * one))
        end as passing_min,
        case
            when has_rate and checked > 0
                then least(checked, ((stated_units + 1) * checked + 100 * one - 1) // (100 * one) - 1)
        end as passing_max
    from units
),

recomputed as (
    select
        *,
        case when has_count then checked - failed_listed end as passed,
        case
            when has_count
                then {{ rate_units('(checked - failed_listed)', 'checked', "length(digits['fraction'])") }}
        end as rounded_units,
        case when has_count then (100 * one * (checked - failed_listed)) // checked end as truncated_units
    from ranged
)

select
    circular_id,
    title,
    organ,
    period,
    subject_kind,
    registered,
    checked,
    failed_listed,
    rate_stated,
    passed / checked as rate_recomputed,
    case
        when not has_rate then 'no_rate'
        when not has_count then 'no_count'
        when rounded_units = stated_units and truncated_units = stated_units then 'exact'
        when rounded_units = stated_units then 'rounded'
        when truncated_units = stated_units then 'truncated'
        else 'mismatch'
    end as consistency,
    case when passing_min <= passing_max then (checked - passing_max)::integer end as implied_failed_min,
    case when passing_min <= passing_max then (checked - passing_min)::integer end as implied_failed_max,
    origin
from recomputed
