-- What a timeline shows: from 60 days before the first monitoring point's window to the latest look.
with bounds as (
    select
        list_min(monitoring_points) - to_days(74) as from_instant,
        list_max(monitoring_points) + to_days(31) as to_instant
    from marts.dim_periods
    where period = $period
),
subjects as (
    select subject_id from marts.dim_subjects where period = $period and subject_kind = 'account'
)
select
    'account:' || posts.subject_id as subject,
    epoch(posts.published_at) as instant,
    posts.title,
    posts.is_pinned,
    posts.is_repost
from marts.fct_posts as posts
inner join subjects using (subject_id)
inner join bounds on posts.published_at between bounds.from_instant and bounds.to_instant
where not posts.is_deleted
order by subject, instant
