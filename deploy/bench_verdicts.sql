-- The verdicts of every quarter in one statement, straight from the loaded rows: what the models are measured
-- against, and checked against. The national-2019 clauses that the invented country uses, written by hand.
with registry as (
    select max_by(file, run_id) as file, table_name, period
    from raw._loaded_files
    where table_name like 'registry%'
    group by table_name, period
),
plan as (
    select period, unnest(monitoring_points) as t
    from raw.registry_plan
    where _file in (select file from registry)
),
accounts as (
    select period, subject_id, platform_uid
    from raw.registry_accounts
    where _file in (select file from registry) and status <> 'closed'
),
sites as (
    select period, site_code, site_class
    from raw.registry_websites
    where _file in (select file from registry) and status <> 'closed'
),
looks as (
    select * exclude (reading)
    from (
        select
            capture_id, subject_kind, subject_id, captured_at, outcome, identity_seen, oldest_seen,
            coalesce(reached_end, false) as reached_end,
            row_number() over (
                partition by subject_kind, subject_id, captured_at, evidence_sha256
                order by string_split(extractor_version, '.')::integer[] desc, run_id desc, capture_id desc
            ) as reading
        from raw.captures
    )
    where reading = 1
),
found as (
    select distinct period, subject_id, indicator
    from raw.registry_manual_findings
    where _file in (select file from registry)
),
-- M2.1: a post in (T - 14 d, T] passes; its absence must be proven.
account_looks as (
    select
        plan.period, plan.t, looks.*,
        outcome in ('ok_complete', 'ok_partial') and identity_seen = platform_uid as usable
    from looks
    inner join accounts using (subject_id)
    inner join plan using (period)
    where subject_kind = 'account'
),
posted as (
    select distinct account_looks.period, account_looks.subject_id
    from account_looks
    inner join raw.posts as posts using (capture_id)
    where
        usable
        and not coalesce(posts.is_deleted, false)
        and posts.published_at > t - interval 14 days
        and posts.published_at <= t
),
silent as (
    select distinct period, subject_id
    from account_looks
    where
        usable and outcome = 'ok_complete' and captured_at >= t
        and (reached_end or oldest_seen <= t - interval 14 days)
),
account_verdicts as (
    select
        period, 'account' as subject_kind, subject_id,
        case
            when f.subject_id is not null then 'fail'
            when p.subject_id is not null then 'pass'
            when s.subject_id is not null then 'fail'
            else 'undetermined'
        end as verdict
    from accounts
    left join (select distinct period, subject_id from found) as f using (period, subject_id)
    left join posted as p using (period, subject_id)
    left join silent as s using (period, subject_id)
),
-- Websites: every page that a clause looks at, with the start of its window.
pages as (
    select period, site_code, 'W3' as code, 'home' as page_kind, '' as column_name, t, t - interval 14 days as start
    from sites inner join plan using (period)
    union all
    select c.period, c.site_code, w.code, 'column', c.column_name, p.t,
        case w.code
            when 'W4.1' then t - interval 14 days
            when 'W4.2' then t - to_days(c.update_within_days)
        end
    from raw.registry_columns as c
    inner join sites using (period, site_code)
    inner join plan as p using (period)
    cross join (values ('W4.1'), ('W4.2'), ('W4.3')) as w(code)
    where c._file in (select file from registry) and (w.code <> 'W4.1' or c.column_class = 'news')
),
visits as (
    select
        v.capture_id, v.site_code, v.page_kind, coalesce(v.column_name, '') as column_name, v.visited_at, v.outcome,
        coalesce(v.items_seen, 0) as items_seen, v.outcome in ('ok_complete', 'ok_partial') as is_ok
    from raw.page_visits as v
    inner join looks using (capture_id)
    where v.page_kind in ('home', 'column')
),
items as (
    select
        i.capture_id, i.page_kind, coalesce(i.column_name, '') as column_name, i.position,
        timezone('Asia/Shanghai', i.claimed_date::timestamp) as earliest,
        timezone('Asia/Shanghai', i.claimed_date::timestamp + interval '23:59:59') as latest
    from raw.site_items as i
    inner join looks using (capture_id)
),
lists as (
    select
        visits.*, i.capture_id is not null as has_items,
        i.published, case page_kind when 'column' then i.last_row else i.newest end as back_to
    from visits
    left join (
        select
            capture_id, page_kind, column_name, list({'earliest': earliest, 'latest': latest}) as published,
            max_by(latest, position) as last_row, max(latest) as newest
        from items
        group by all
    ) as i using (capture_id, page_kind, column_name)
),
states as (
    select
        pages.period, pages.site_code, pages.code, pages.page_kind, pages.column_name,
        coalesce(bool_or(l.is_ok and len(list_filter(l.published, lambda p: p.earliest > start and p.latest <= t)) > 0),
            false) as updated,
        coalesce(bool_or(l.is_ok and len(list_filter(l.published, lambda p: p.latest > start and p.earliest <= t)) > 0),
            false) as possible,
        coalesce(bool_or(l.is_ok and len(list_filter(l.published, lambda p: p.earliest <= t)) > 0), false) as had_items,
        coalesce(bool_or(l.is_ok and l.items_seen > 0), false) as shows_items,
        coalesce(bool_or(l.outcome = 'ok_complete' and l.visited_at >= t
            and (l.items_seen = 0 or coalesce(l.back_to <= start, false))), false) as silent,
        coalesce(bool_or(l.outcome = 'ok_complete' and l.visited_at >= t and l.items_seen = 0), false) as looked_blank,
        coalesce(bool_or(l.is_ok), false) as was_read
    from pages
    left join lists as l using (site_code, page_kind, column_name)
    group by all
),
counted as (
    select
        period, site_code, code, was_read,
        case
            when code = 'W4.3' or (code = 'W4.2' and looked_blank and not had_items)
                then case when looked_blank and not had_items then true when shows_items or had_items then false end
            when updated then false
            when possible then null
            when silent then true
        end as counts
    from states
),
-- A site of which no page was read proves nothing, whatever the clause counts.
site_checks as (
    select
        period, site_code, code,
        case
            when not bool_or(bool_or(was_read)) over (partition by period, site_code) then 'undetermined'
            when count(*) filter (where counts) >= need then 'fail'
            when count(*) filter (where counts is null or counts) >= need then 'undetermined'
            else 'pass'
        end as status
    from counted
    inner join (values ('W3', 1), ('W4.1', 5), ('W4.2', 10), ('W4.3', 5)) as clauses(code, need) using (code)
    group by period, site_code, code, need
),
vetoes as (
    select period, site_code, bool_or(status = 'fail') as fails, bool_or(status = 'undetermined') as open
    from site_checks
    group by all
),
scores as (
    select period, site_code, score from raw.registry_manual_scores where _file in (select file from registry)
),
site_verdicts as (
    select
        period, 'website' as subject_kind, site_code as subject_id,
        case
            when v.fails or (site_class = 'portal' and score < 60) then 'fail'
            when v.open or (site_class = 'portal' and score is null) then 'undetermined'
            else 'pass'
        end as verdict
    from sites
    inner join vetoes as v using (period, site_code)
    left join scores using (period, site_code)
)
select * from account_verdicts
union all
select * from site_verdicts
