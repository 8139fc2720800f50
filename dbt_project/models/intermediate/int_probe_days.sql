with grid as (
    select
        grid.period,
        grid.monitoring_point,
        grid.subject_id as site_code,
        grid.window_start,
        grid.window_value,
        rules.visits_per_day,
        rules.slow_seconds
    from {{ ref('int_check_grid') }} as grid
    inner join {{ ref('int_plan_indicators') }} as indicators using (period, subject_kind, indicator_code)
    inner join {{ ref('indicator_visits') }} as rules
        on indicators.rule_set = rules.rule_set and indicators.indicator_code = rules.code
    where grid.not_applicable_reason is null
),

-- A day of monitoring is 24 hours, counted back from the monitoring point: so a week always has seven.
days as (
    select
        *,
        window_start + to_days(day_number - 1) as day_start,
        window_start + to_days(day_number) as day_end
    from (
        select
            *,
            unnest(generate_series(1, window_value))::integer as day_number
        from grid
    ) as numbered
),

-- Only visits that were allowed the clause's own time. Simulated ones keep quiet where real ones were made.
visits as (
    select
        grid.period,
        grid.monitoring_point,
        visits.*
    from grid
    inner join {{ ref('int_site_visits') }} as visits
        on
            grid.site_code = visits.site_code
            and grid.window_start < visits.probed_at
            and grid.monitoring_point >= visits.probed_at
            and (visits.simulated or visits.limit_ms = 1000 * grid.slow_seconds)
    qualify
        not visits.simulated
        or bool_and(visits.simulated) over (partition by grid.period, grid.monitoring_point, grid.site_code)
),

monitored as (
    select max(probed_at) as monitored_until from {{ ref('int_site_visits') }}
),

counted as (
    select
        days.period,
        days.monitoring_point,
        days.site_code,
        days.day_number,
        days.day_start,
        days.day_end,
        days.visits_per_day,
        count(visits.probed_at) as visits,
        count(*) filter (where visits.is_valid) as valid,
        count(*) filter (where visits.is_failed) as failed,
        count(*) filter (where visits.is_own_outage) as own_outages,
        min(visits.probed_at) as first_probe_at,
        max(visits.probed_at) as last_probe_at,
        bool_or(visits.simulated) as is_simulated,
        max(visits.probed_at) filter (where visits.is_failed) as last_failure_at,
        arg_max(visits.evidence_sha256, visits.probed_at) filter (where visits.is_failed)
            as evidence_sha256,
        list(visits.evidence_sha256) filter (where visits.is_failed) as evidence_sha256s
    from days
    left join visits
        on
            days.period = visits.period
            and days.monitoring_point = visits.monitoring_point
            and days.site_code = visits.site_code
            and days.day_start < visits.probed_at
            and days.day_end >= visits.probed_at
    group by all
)

-- How many visits could still change the count. A day that is over owes what it lacks of the clause's number;
-- one that is not may yet see as many visits as the busiest day has.
select
    counted.*,
    greatest(
        case
            when monitored.monitored_until >= counted.day_end then counted.visits_per_day
            else
                greatest(
                    counted.visits_per_day,
                    max(counted.valid) over (
                        partition by counted.period, counted.monitoring_point, counted.site_code
                    )
                )
        end - counted.valid,
        0
    ) as outstanding
from counted
cross join monitored
