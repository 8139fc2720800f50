with points as (
    select
        period,
        min(monitoring_point) as first_point,
        max(monitoring_point) as last_point
    from {{ ref('int_monitoring_points') }}
    group by period
),

accounts as (
    select
        period,
        'account' as subject_kind,
        subject_id,
        account_name as subject_name,
        organiser,
        supervisor,
        district,
        platform,
        platform_uid,
        cast(null as varchar) as site_class,
        cast(null as varchar) as home_url,
        status,
        opened_on,
        closed_on,
        position,
        exempt_indicators,
        is_sampled
    from {{ ref('stg_accounts') }}
),

websites as (
    select
        period,
        'website' as subject_kind,
        site_code as subject_id,
        site_name as subject_name,
        organiser,
        supervisor,
        district,
        cast(null as varchar) as platform,
        cast(null as varchar) as platform_uid,
        site_class,
        home_url,
        status,
        cast(null as date) as opened_on,
        cast(null as date) as closed_on,
        position,
        exempt_indicators,
        is_sampled
    from {{ ref('stg_websites') }}
),

registered as (
    select * from accounts
    union all by name
    select * from websites
)

-- Of the period is who was in operation (登记在运行) at one monitoring point at least, if the plan has
-- indicators for such subjects.
select registered.*
from registered
inner join points using (period)
where
    registered.status <> 'closed'
    and registered.subject_kind in (
        select indicators.subject_kind from {{ ref('int_plan_indicators') }} as indicators
    )
    and coalesce(registered.opened_on <= {{ shanghai_day('points.last_point') }}, true)
    and coalesce(registered.closed_on > {{ shanghai_day('points.first_point') }}, true)
