-- What a reviewer should look at in the registry itself. Nothing here fails anybody.
with history as (
    select * from {{ ref('dim_subject_history') }}
),

registered as (
    select * from history
    where is_current
),

running_accounts as (
    select * from registered
    where subject_kind = 'account' and status <> 'closed'
),

-- 国办发〔2018〕123号: 一个单位原则上在同一平台只开设一个政务新媒体账号.
duplicates as (
    select
        'duplicate_account' as kind,
        min(accounts.subject_id) as subject_id,
        list(accounts.subject_id order by accounts.subject_id) as subject_ids,
        '“' || accounts.organiser || '”在' || min(platforms.name_zh) || '登记了 ' || count(*) || ' 个账号：'
        || string_agg(accounts.subject_name, '、' order by accounts.subject_id) as what_zh,
        max(accounts.valid_from) as observed_at,
        cast(null as varchar) as evidence_sha256
    from running_accounts as accounts
    inner join {{ ref('platforms') }} as platforms on accounts.platform = platforms.code
    group by accounts.organiser, accounts.platform
    having count(*) > 1
),

closed as (
    select *
    from registered
    where subject_kind = 'account' and status = 'closed'
),

-- The newest look made since the day of closing (or, where none is filed, since the registry said so).
looks_at_closed as (
    select
        closed.subject_id,
        arg_max(captures.outcome, captures.captured_at) as outcome,
        arg_max(outcomes.name_zh, captures.captured_at) as outcome_zh,
        arg_max(captures.evidence_sha256, captures.captured_at) as evidence_sha256,
        max(captures.captured_at) as captured_at
    from closed
    inner join {{ ref('stg_captures') }} as captures using (subject_id)
    inner join {{ ref('outcomes') }} as outcomes on captures.outcome = outcomes.code
    where
        captures.is_current
        and {{ shanghai_day('captures.captured_at') }}
        > coalesce(closed.closed_on, {{ shanghai_day('closed.valid_from') }})
    group by closed.subject_id
),

posts_after_closing as (
    select
        closed.subject_id,
        count(*) as posts,
        max(posts.published_at) as published_at,
        arg_max(posts.evidence_sha256, posts.published_at) as evidence_sha256
    from closed
    inner join {{ ref('fct_posts') }} as posts using (subject_id)
    where not posts.is_deleted and {{ shanghai_day('posts.published_at') }} > closed.closed_on
    group by closed.subject_id
),

closings as (
    select
        case
            when posts.subject_id is not null or looks.outcome in ('ok_complete', 'ok_partial', 'private')
                then 'closed_but_alive'
            else 'closing_unseen'
        end as kind,
        closed.subject_id,
        [closed.subject_id] as subject_ids,
        '台账登记' || coalesce(closed.closed_on || ' ', '') || '已关停，' || case
            when posts.subject_id is not null
                then '此后仍有 ' || posts.posts || ' 条发布，最近一条 ' || {{ minute_text('posts.published_at') }}
            when looks.outcome in ('ok_complete', 'ok_partial', 'private')
                then {{ minute_text('looks.captured_at') }} || ' 查看时账号仍在'
            when looks.outcome is null then '此后没有查看过，平台是否已注销没有证据'
            else '此后查看的结果是“' || looks.outcome_zh || '”，不能证明平台已注销'
        end as what_zh,
        coalesce(looks.captured_at, closed.valid_from) as observed_at,
        coalesce(posts.evidence_sha256, looks.evidence_sha256) as evidence_sha256
    from closed
    left join looks_at_closed as looks using (subject_id)
    left join posts_after_closing as posts using (subject_id)
    where posts.subject_id is not null or coalesce(looks.outcome not in ('account_gone', 'not_found'), true)
),

renamings as (
    select
        'renamed' as kind,
        subject_id,
        [subject_id] as subject_ids,
        '台账名称由“' || former_name || '”改为“' || subject_name || '”，请核对是否已备案' as what_zh,
        valid_from as observed_at,
        cast(null as varchar) as evidence_sha256
    from history
    where version > 1 and former_name <> subject_name
),

-- Within a platform and a district: a country's names are too many to compare each with each.
near_names as (
    select
        'near_duplicate_name' as kind,
        one.subject_id,
        [one.subject_id, other.subject_id] as subject_ids,
        '“' || one.subject_name || '”（' || one.organiser || '）与“' || other.subject_name || '”（'
        || other.organiser || '）' || if(one.subject_name = other.subject_name, '同名', '名称相近') as what_zh,
        greatest(one.valid_from, other.valid_from) as observed_at,
        cast(null as varchar) as evidence_sha256
    from running_accounts as one
    inner join running_accounts as other
        on
            one.platform = other.platform
            and one.district is not distinct from other.district
            and one.subject_id < other.subject_id
            and one.organiser <> other.organiser
    where jaro_winkler_similarity(one.subject_name, other.subject_name) >= {{ var('near_name_similarity') }}
),

found as (
    select * from duplicates
    union all by name
    select * from closings
    union all by name
    select * from renamings
    union all by name
    select * from near_names
)

select
    md5(concat_ws('|', found.kind, array_to_string(found.subject_ids, '|'), found.what_zh)) as finding_id,
    found.kind,
    subjects.subject_kind,
    found.subject_id,
    subjects.subject_name,
    subjects.organiser,
    subjects.district,
    subjects.platform,
    found.subject_ids,
    found.what_zh,
    found.observed_at,
    subjects.snapshot_id,
    found.evidence_sha256
from found
left join registered as subjects using (subject_id)
