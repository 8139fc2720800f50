-- 补填日期: first seen later than its own date by more than the plan allows, and an earlier complete look at
-- the same list, made after that date, did not have it.
with backdated as (
    select
        items.*,
        plan.late_days
    from {{ ref('int_backdated_items') }} as items
    inner join {{ ref('stg_plan') }} as plan using (period)
)

select
    {{ suspicion_columns(
        'late', 'claimed_date',
        "'标注 ' || claimed_date || '，' || absent_on || ' 完整查看该列表时没有，' || first_seen_on
        || ' 才看到，晚 ' || (first_seen_on - claimed_date) || ' 天（允许 ' || late_days || ' 天）'"
    ) }}
from backdated
where first_seen_on - claimed_date > late_days
