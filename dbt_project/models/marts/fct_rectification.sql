-- What became of each finding. Only what was captured later speaks; nobody's clock does.
with findings as (
    select
        period,
        subject_kind,
        subject_id,
        subject_name,
        organiser,
        platform,
        indicator_code,
        min(problem) as problem,
        max(monitoring_point) as monitoring_point,
        arg_max(evidence_sha256, monitoring_point) as finding_evidence_sha256
    from {{ ref('fct_findings') }}
    group by all
),

offences as (
    select
        *,
        row_number()
            over (partition by subject_id, indicator_code order by monitoring_point)
            as offence_number
    from findings
),

present as (
    select max(captured_at) as as_of from {{ ref('stg_captures') }}
),

noticed as (
    select
        offences.*,
        present.as_of,
        notices.issued_on,
        coalesce(notices.due_on, notices.issued_on + {{ var('rectify_within_days') }}) as due_on,
        -- What came after the notice mends the finding; where none was sent, what came after the point.
        coalesce(
            greatest({{ day_start('notices.issued_on') }}, offences.monitoring_point),
            offences.monitoring_point
        ) as since
    from offences
    cross join present
    left join {{ ref('stg_rectification_notices') }} as notices
        on
            offences.period = notices.period
            and offences.subject_id = notices.subject_id
            and {{ covers('notices.indicator', 'offences.indicator_code') }}
    qualify row_number() over (
        partition by offences.period, offences.subject_id, offences.indicator_code order by notices.issued_on
    ) = 1
),

-- A clearance holds for its own quarter's finding and, until it expires, for the same one found again.
cleared as (
    select
        noticed.period,
        noticed.subject_id,
        noticed.indicator_code,
        clearances.reason,
        clearances.reviewer,
        clearances.cleared_on,
        clearances.expires_on
    from noticed
    inner join {{ ref('stg_clearances') }} as clearances
        on
            noticed.subject_id = clearances.subject_id
            and {{ covers('clearances.indicator', 'noticed.indicator_code') }}
            and (
                noticed.period = clearances.period
                or (
                    noticed.period > clearances.period
                    and clearances.expires_on >= {{ shanghai_day('noticed.monitoring_point') }}
                )
            )
    qualify row_number() over (
        partition by noticed.period, noticed.subject_id, noticed.indicator_code
        order by clearances.cleared_on desc
    ) = 1
),

-- The first later monitoring point at which the same clause could be answered.
later_checks as (
    select
        noticed.period,
        noticed.subject_id,
        noticed.indicator_code,
        arg_min(checks.status, checks.monitoring_point) as status,
        min(checks.monitoring_point) as monitoring_point,
        arg_min(checks.evidence_sha256, checks.monitoring_point) as evidence_sha256
    from noticed
    inner join {{ ref('fct_checks') }} as checks using (subject_id, indicator_code)
    where checks.monitoring_point > noticed.since and checks.status in ('pass', 'fail')
    group by all
),

-- Only a silence is mended by posting: M2.1.
posted as (
    select
        noticed.period,
        noticed.subject_id,
        min(posts.published_at) filter (where posts.published_at > noticed.since) as first_at,
        arg_min(posts.evidence_sha256, posts.published_at) filter (where posts.published_at > noticed.since)
            as first_evidence,
        count(*) filter (where posts.published_at > noticed.since) as posts_since,
        count(*) filter (
            where
            posts.published_at > noticed.since
            and posts.published_at <= noticed.since + {{ hours(var('burst_hours')) }}
        ) as posts_in_burst,
        count(*) filter (
            where
            posts.published_at <= noticed.since
            and posts.published_at > noticed.since - to_days({{ var('burst_quiet_days') }})
        ) as posts_before
    from noticed
    inner join {{ ref('fct_posts') }} as posts using (subject_id)
    where noticed.indicator_code = 'M2.1' and not posts.is_deleted
    group by all
),

-- How long the account was watched: only then is "nothing more came" known.
watched as (
    select
        subject_id,
        max(captured_at) as watched_until
    from {{ ref('stg_captures') }}
    where is_current and outcome = 'ok_complete'
    group by subject_id
),

judged as (
    select
        noticed.*,
        cleared.reason as clearance_reason,
        cleared.reviewer as cleared_by,
        cleared.cleared_on,
        cleared.expires_on as clearance_expires_on,
        later_checks.status as later_status,
        later_checks.monitoring_point as later_point,
        later_checks.evidence_sha256 as later_evidence,
        posted.first_at,
        posted.first_evidence,
        coalesce(posted.posts_since, 0) as posts_since,
        coalesce(
            posted.posts_in_burst >= {{ var('burst_posts') }}
            and posted.posts_in_burst = posted.posts_since
            and posted.posts_before = 0
            and watched.watched_until
            >= noticed.since + {{ hours(var('burst_hours')) }} + to_days({{ var('burst_quiet_days') }}),
            false
        ) as is_burst,
        coalesce(
            cleared.cleared_on is not null
            and coalesce(cleared.expires_on >= {{ shanghai_day('noticed.as_of') }}, true), false
        ) as is_cleared
    from noticed
    left join cleared using (period, subject_id, indicator_code)
    left join later_checks using (period, subject_id, indicator_code)
    left join posted
        on
            noticed.period = posted.period
            and noticed.subject_id = posted.subject_id
            and noticed.indicator_code = 'M2.1'
    left join watched on noticed.subject_id = watched.subject_id
),

stated as (
    select
        *,
        case
            when is_cleared then 'cleared'
            when later_status = 'fail' then 'repeated'
            when later_status = 'pass' or (posts_since > 0 and not is_burst) then 'rectified'
            when due_on < {{ shanghai_day('as_of') }} then 'overdue'
            else 'open'
        end as state
    from judged
)

select
    period,
    subject_kind,
    subject_id,
    subject_name,
    organiser,
    platform,
    indicator_code,
    problem,
    monitoring_point,
    finding_evidence_sha256,
    issued_on,
    due_on,
    state,
    case state
        when 'cleared' then cleared_on
        when 'rectified' then {{ shanghai_day('least(first_at, later_point)') }}
        when 'repeated' then {{ shanghai_day('later_point') }}
    end as closed_on,
    case
        when state = 'rectified' and first_at <= coalesce(later_point, first_at) then first_evidence
        when state in ('rectified', 'repeated') then later_evidence
    end as closing_evidence_sha256,
    is_burst,
    posts_since as posts_after_notice,
    offence_number,
    offence_number >= {{ var('repeat_offender_periods') }} as is_repeat_offender,
    cleared_by,
    clearance_reason,
    cleared_on,
    clearance_expires_on,
    as_of
from stated
