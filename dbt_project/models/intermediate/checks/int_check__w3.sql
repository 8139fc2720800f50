-- 首页不更新. Where the home page is only a way in to the columns, all columns speak for it.
with grid as (
    select * from {{ ref('int_check_grid') }}
    where indicator_code = 'W3'
),

states as (
    select * from {{ ref('int_column_states') }}
    where indicator_code = 'W3'
),

home as (
    select
        period,
        monitoring_point,
        site_code as subject_id,
        state,
        state_reason,
        is_navigation,
        last_claimed_date,
        evidence_sha256
    from states
    where page_kind = 'home'
),

columns as (
    select
        period,
        monitoring_point,
        site_code as subject_id,
        count(*) as registered,
        count(*) filter (where counts = false) as updated,
        count(*) filter (where counts is null) as unknown,
        arg_min(state_reason, position) filter (where counts is null) as unknown_reason,
        coalesce(
            arg_min(evidence_sha256, position) filter (where counts = false),
            arg_min(evidence_sha256, position)
        ) as evidence_sha256,
        list(distinct evidence_sha256) as evidence_sha256s
    from states
    where page_kind = 'column'
    group by all
),

bounded as (
    select
        grid.*,
        home.state,
        home.state_reason,
        home.last_claimed_date,
        columns.unknown_reason,
        home.is_navigation and home.state <> 'updated' as by_columns,
        coalesce(columns.updated, 0) as columns_updated,
        case
            when home.state = 'updated' then 1
            when home.is_navigation then coalesce(columns.updated, 0)
            else 0
        end as low,
        case
            when home.state = 'updated' then 1
            when home.is_navigation and columns.registered > 0 then columns.updated + columns.unknown
            when home.state = 'not_updated' and not home.is_navigation then 0
        end as high,
        case
            when home.is_navigation and home.state <> 'updated'
                then coalesce(columns.evidence_sha256, home.evidence_sha256)
            else home.evidence_sha256
        end as evidence,
        -- That no column was updated is seen from all of them.
        case
            when home.is_navigation and home.state <> 'updated'
                then list_append(columns.evidence_sha256s, home.evidence_sha256)
        end as evidences
    from grid
    left join home using (period, monitoring_point, subject_id)
    left join columns using (period, monitoring_point, subject_id)
),

judged as (
    select
        *,
        {{ judge('low', 'high') }} as judgement
    from bounded
)

select
    {{ check_columns(
        status='judgement',
        reason="case
            when by_columns and judgement = 'pass' then '首页仅为导航，' || columns_updated || ' 个栏目有更新'
            when by_columns and judgement = 'fail' then '首页仅为导航，所有栏目均无更新'
            when by_columns then '首页仅为导航，栏目未能判定：' || coalesce(unknown_reason, '台账未登记栏目')
            when judgement = 'fail' then '首页没有更新'
            when judgement = 'pass' then '首页有更新'
            else '首页未能判定：' || coalesce(state_reason, '尚未采集')
        end",
        measured="case
            when by_columns then columns_updated || ' 个栏目有更新'
            when last_claimed_date is not null then '首页最近一条 ' || last_claimed_date
        end",
        evidence_sha256='evidence',
        evidence_sha256s='evidences'
    ) }}
from judged
