with captures as (
    select
        *,
        -- A run that was read again (xunjian reparse) is vouched for by the canaries of its own looks,
        -- whether their readings are new or old.
        split_part(run_id, '+reparse-', 1) as looked_run_id
    from {{ ref('stg_captures') }}
    where is_current and platform is not null
),

outcomes as (
    select * from {{ ref('outcomes') }}
),

-- A plan landed before canaries were known has no say: the hours that the plan's default gives.
plans as (
    select
        period,
        coalesce(canary_hours, 48) as canary_hours
    from {{ ref('stg_plan') }}
),

-- Only who is a canary in the period's registry as it stands now: one that truly fell silent is taken out of
-- the registry, and the runs that it spoiled are judged by the others.
looks as (
    select
        captures.period,
        captures.looked_run_id,
        captures.platform,
        canaries.subject_id,
        canaries.account_name,
        outcomes.name_zh as outcome_zh,
        captures.captured_at,
        -- By the platform's own clock: ours may be wrong, and relative times were read by theirs.
        coalesce(
            outcomes.is_ok
            and captures.identity_seen = canaries.platform_uid
            and captures.newest_seen
            >= coalesce(captures.server_date, captures.captured_at)
            - {{ hours('plans.canary_hours') }},
            false
        ) as reads_as_updated
    from captures
    inner join {{ ref('stg_canaries') }} as canaries
        on
            captures.period = canaries.period
            and captures.subject_id = canaries.subject_id
            and captures.subject_kind = 'canary'
    inner join outcomes on captures.outcome = outcomes.code
    inner join plans on captures.period = plans.period
),

canaries as (
    select
        period,
        looked_run_id,
        platform,
        subject_id,
        any_value(account_name) as account_name,
        arg_max(outcome_zh, captured_at) as outcome_zh,
        bool_or(reads_as_updated) as reads_as_updated
    from looks
    group by period, looked_run_id, platform, subject_id
),

vouched as (
    select
        period,
        looked_run_id,
        platform,
        count(*) as canaries,
        count(*) filter (where reads_as_updated) as canaries_updated,
        string_agg(account_name || '：' || outcome_zh, '、' order by subject_id)
        filter (where not reads_as_updated) as silent
    from canaries
    group by period, looked_run_id, platform
),

runs as (
    select
        period,
        run_id,
        looked_run_id,
        platform,
        min(captured_at) as started_at,
        count(distinct subject_id) filter (where subject_kind = 'account') as accounts
    from captures
    group by period, run_id, looked_run_id, platform
)

-- Every canary must read as updated: what hides posts from one of them may hide them from anybody.
select
    runs.period,
    runs.run_id,
    runs.platform,
    runs.started_at,
    runs.accounts,
    coalesce(vouched.canaries, 0) as canaries,
    coalesce(vouched.canaries_updated, 0) as canaries_updated,
    case
        when vouched.canaries is null then 'no_canaries'
        when vouched.canaries_updated = vouched.canaries then 'trusted'
        else 'quarantined'
    end as status,
    case
        when vouched.canaries is null then '没有对照账号，无从旁证'
        when vouched.canaries_updated = vouched.canaries then '对照账号都读作已更新'
        else
            vouched.canaries || ' 个每天更新的对照账号中有 ' || (vouched.canaries - vouched.canaries_updated)
            || ' 个没有读作已更新（' || vouched.silent || '）'
    end as reason_zh
from runs
left join vouched using (period, looked_run_id, platform)
