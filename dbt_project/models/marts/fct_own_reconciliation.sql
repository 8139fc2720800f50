with printed as (
    select
        *,
        {{ printed_digits('rate_stated') }} as digits,
        length(digits['fraction']) as decimals
    from {{ ref('stg_circulars') }}
),

computed as (
    select * from {{ ref('fct_quarterly_pass_rates') }}
    where breakdown = 'all'
),

paired as (
    select
        printed.circular_id,
        printed.title,
        printed.organ,
        printed.period,
        printed.subject_kind,
        printed.registered as registered_stated,
        printed.checked as checked_stated,
        printed.failed_listed,
        printed.rate_stated,
        computed.registered,
        computed.checked,
        computed.failed,
        computed.undetermined,
        computed.pass_rate,
        computed.pass_rate_text,
        computed.status,
        coalesce(printed.digits['whole'], '') <> '' as has_rate,
        try_cast(printed.digits['whole'] || printed.digits['fraction'] as hugeint) as stated_units,
        -- As many decimals as the circular prints, half-up and cut off.
        case
            when computed.checked > 0
                then {{ rate_units('computed.passed', 'computed.checked', 'printed.decimals') }}
        end as rounded_units,
        case
            when computed.checked > 0
                then 100 * pow(10, printed.decimals)::hugeint * computed.passed // computed.checked
        end as truncated_units
    from printed
    inner join computed using (period, subject_kind)
)

-- Rates of different denominators are not compared: the circular may be another place's, or looked at fewer.
select
    circular_id,
    title,
    organ,
    period,
    subject_kind,
    registered_stated,
    checked_stated,
    failed_listed,
    rate_stated,
    registered,
    checked,
    failed,
    undetermined,
    pass_rate,
    pass_rate_text,
    status,
    case
        when not has_rate then 'no_rate'
        when checked = 0 or coalesce(checked_stated <> checked, registered_stated <> registered, true)
            then 'other_denominator'
        when stated_units in (rounded_units, truncated_units) then 'agrees'
        else 'differs'
    end as agreement,
    failed - failed_listed as failed_not_listed
from paired
