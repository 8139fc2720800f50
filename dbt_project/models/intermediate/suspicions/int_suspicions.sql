with every_one as (
    select * from {{ ref('int_suspicion__late') }}
    union all by name
    select * from {{ ref('int_suspicion__date_changed') }}
    union all by name
    select * from {{ ref('int_suspicion__list_vs_article') }}
    union all by name
    select * from {{ ref('int_suspicion__before_document') }}
    union all by name
    select * from {{ ref('int_suspicion__burst') }}
    union all by name
    select * from {{ ref('int_suspicion__repost') }}
    union all by name
    select * from {{ ref('int_suspicion__title_mismatch') }}
),

-- What the period's own looks show; seen in several columns or looks, it is one suspicion.
raised as (
    select *
    from every_one
    where {{ is_assessed() }}
    qualify row_number() over (
        partition by period, suspicion_id
        order by second_captured_at asc, column_name asc
    ) = 1
),

reviews as (
    select * from {{ ref('stg_reviews') }}
),

-- How far the period has got by what has landed: a clearing expires by that, not by the clock of whoever
-- works it out again.
today as (
    select
        plan.period,
        {{ shanghai_day('max(greatest(plan.snapshot_at, captures.captured_at))') }} as today
    from {{ ref('stg_plan') }} as plan
    left join {{ ref('stg_captures') }} as captures using (period)
    group by all
)

select
    raised.*,
    case
        when reviews.decision is null then 'open'
        when reviews.decision = 'cleared' and reviews.expires_on < today.today then 'expired'
        else reviews.decision
    end as status,
    reviews.reviewer,
    reviews.reason,
    reviews.reviewed_on,
    reviews.expires_on
from raised
inner join today using (period)
left join reviews using (period, suspicion_id)
