-- What a timeline shows: from 60 days before the first monitoring point's window to the latest look.
with bounds as (
    select
        list_min(monitoring_points) - to_days(74) as from_instant,
        list_max(monitoring_points) + to_days(31) as to_instant
    from marts.dim_periods
    where period = $period
),

publications as (
    select
        'account' as subject_kind,
        subject_id,
        published_at,
        title,
        is_pinned,
        is_repost
    from marts.fct_posts
    where not is_deleted
    union all by name
    -- A site says the day alone, and may list the same text in several columns: one dot a day.
    select
        'website' as subject_kind,
        site_code as subject_id,
        timezone('Asia/Shanghai', cast(claimed_date as timestamp)) as published_at,
        any_value(title) as title,
        false as is_pinned,
        false as is_repost
    from marts.fct_site_items
    where claimed_date is not null
    group by site_code, claimed_date
)

select
    publications.subject_kind || ':' || publications.subject_id as subject,
    epoch(publications.published_at) as instant,
    publications.title,
    publications.is_pinned,
    publications.is_repost
from publications
inner join marts.dim_subjects as subjects
    on
        publications.subject_kind = subjects.subject_kind
        and publications.subject_id = subjects.subject_id
        and subjects.period = $period
inner join bounds on publications.published_at between bounds.from_instant and bounds.to_instant
order by subject, instant
