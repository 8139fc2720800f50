with accounts as (
    select
        period,
        'account' as subject_kind,
        subject_id,
        account_name as subject_name,
        organiser,
        supervisor,
        district,
        platform
    from {{ ref('stg_accounts') }}
    where status <> 'closed'
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
        cast(null as varchar) as platform
    from {{ ref('stg_websites') }}
    where status <> 'closed'
),

every_period as (
    select * from accounts
    union all by name
    select * from websites
),

registered as (
    select *
    from every_period
    qualify row_number() over (partition by subject_kind, subject_id order by period desc) = 1
),

looks as (
    select
        captures.capture_id,
        captures.subject_kind,
        captures.subject_id,
        coalesce(account_looks.judged_outcome, captures.outcome) as outcome,
        coalesce(account_looks.is_quarantined, false) as is_quarantined,
        -- The platform's own clock, since relative times were read by it.
        coalesce(captures.server_date, captures.captured_at) as as_of,
        captures.captured_at
    from {{ ref('stg_captures') }} as captures
    inner join {{ ref('outcomes') }} as outcomes on captures.outcome = outcomes.code
    left join {{ ref('int_account_looks') }} as account_looks
        on captures.capture_id = account_looks.capture_id
    where captures.is_current and outcomes.is_ok
),

-- A run in doubt says nothing of how long nobody has published; what it saw published still counts below.
latest_look as (
    select *
    from looks
    where not is_quarantined
    qualify
        row_number() over (partition by subject_kind, subject_id order by as_of desc, captured_at desc) = 1
),

published as (
    select
        posts.capture_id,
        {{ earliest_instant('posts') }} as published_at
    from {{ ref('stg_posts') }} as posts
    where not posts.is_deleted
    union all
    select
        capture_id,
        earliest_at
    from {{ ref('stg_site_items') }}
    where earliest_at is not null
),

-- A look may miss what an earlier one saw: the newest date ever seen counts.
last_update as (
    select
        latest_look.subject_kind,
        latest_look.subject_id,
        max(published.published_at) as last_update_at
    from latest_look
    inner join looks using (subject_kind, subject_id)
    inner join published on looks.capture_id = published.capture_id
    where published.published_at <= latest_look.as_of
    group by all
),

idle as (
    select
        registered.*,
        latest_look.as_of,
        latest_look.outcome,
        last_update.last_update_at,
        (epoch_us(latest_look.as_of) - epoch_us(last_update.last_update_at)) // 86400000000
            as days_since_update
    from registered
    inner join latest_look using (subject_kind, subject_id)
    left join last_update using (subject_kind, subject_id)
    -- An account of which a complete look shows nothing at all is idle too; a site may just not print dates.
    where
        last_update.last_update_at is not null
        or (registered.subject_kind = 'account' and latest_look.outcome = 'ok_complete')
),

levels as (
    select * from {{ ref('warning_levels') }}
)

select
    idle.subject_kind,
    idle.subject_id,
    idle.subject_name,
    idle.organiser,
    idle.supervisor,
    idle.district,
    idle.platform,
    idle.last_update_at,
    idle.days_since_update,
    levels.level,
    levels.name_zh as level_name,
    idle.as_of,
    idle.outcome = 'ok_complete' as is_complete
from idle
inner join levels on coalesce(idle.days_since_update >= levels.days_at_least, true)
qualify row_number() over (
    partition by idle.subject_kind, idle.subject_id
    order by levels.days_at_least desc
) = 1
