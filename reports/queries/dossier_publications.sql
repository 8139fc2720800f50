-- What was seen to be published, whenever that was, newest first, with the bytes that say so.
with whom as (
    select subject_id from marts.dim_subjects where period = $period and subject_id = $subject
)
select
    strftime(timezone('Asia/Shanghai', posts.published_at), '%Y-%m-%d %H:%M:%S') as claimed,
    coalesce(posts.title, '') as title,
    coalesce(posts.url, '') as url,
    strftime(timezone('Asia/Shanghai', posts.first_seen_at), '%Y-%m-%d %H:%M:%S') as first_seen,
    posts.evidence_sha256 as evidence
from marts.fct_posts as posts
inner join whom using (subject_id)
union all
select
    coalesce(strftime(items.claimed_date, '%Y-%m-%d'), ''),
    coalesce(items.title, ''),
    coalesce(items.url, ''),
    strftime(timezone('Asia/Shanghai', items.first_seen_at), '%Y-%m-%d %H:%M:%S'),
    items.evidence_sha256
from marts.fct_site_items as items
inner join whom on items.site_code = whom.subject_id
order by claimed desc, title
