-- What a reviewer has to look at: suspicions (W1) and checks that the machine left open (W5, W6); those not
-- decided yet and those whose review has lapsed, or with $every all of them.
with tasks as (
    select
        suspicions.period,
        'website' as subject_kind,
        suspicions.site_code as subject_id,
        suspicions.suspicion_id,
        suspicions.kind as rank,
        suspicions.kind_name,
        suspicions.title,
        suspicions.claimed_date,
        suspicions.what_zh,
        suspicions.task,
        suspicions.url,
        suspicions.first_evidence_sha256,
        suspicions.second_evidence_sha256,
        suspicions.status,
        suspicions.reviewer,
        suspicions.reason,
        suspicions.expires_on
    from marts.fct_suspicions as suspicions
    union all by name
    select
        reviews.period,
        reviews.subject_kind,
        reviews.subject_id,
        reviews.review_id as suspicion_id,
        'z' || reviews.indicator_code as rank,
        reviews.indicator_code || ' 未能判定' as kind_name,
        '' as title,
        reviews.open_question as what_zh,
        reviews.task,
        '' as url,
        coalesce(reviews.evidence_sha256, '') as first_evidence_sha256,
        '' as second_evidence_sha256,
        reviews.status,
        reviews.reviewer,
        reviews.reason,
        reviews.expires_on
    from marts.fct_check_reviews as reviews
    -- One answer speaks for every monitoring point: shown is the first that still waits for it.
    qualify row_number() over (
        partition by reviews.period, reviews.review_id
        order by reviews.status in ('open', 'expired') desc, reviews.monitoring_point
    ) = 1
)

select
    tasks.suspicion_id,
    tasks.status,
    subjects.subject_name,
    subjects.organiser,
    tasks.kind_name,
    tasks.title,
    tasks.what_zh,
    tasks.task,
    coalesce(nullif(tasks.url, ''), subjects.home_url, '') as url,
    tasks.first_evidence_sha256,
    tasks.second_evidence_sha256,
    tasks.reviewer,
    tasks.reason,
    cast(tasks.expires_on as varchar) as expires_on,
    tasks.subject_kind as kind,
    tasks.subject_id as id
from tasks
left join marts.dim_subjects as subjects using (period, subject_kind, subject_id)
where tasks.period = $period and ($every or tasks.status in ('open', 'expired'))
order by
    tasks.status not in ('open', 'expired'),
    subjects.position,
    tasks.subject_id,
    tasks.rank,
    tasks.claimed_date,
    tasks.suspicion_id
