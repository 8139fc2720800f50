-- 扣分指标: portals only, from the score sheet; a site that a veto has settled is not scored.
with grid as (
    select * from {{ ref('int_check_grid') }}
    where indicator_code = 'SCORE'
),

scores as (
    select
        period,
        site_code as subject_id,
        score,
        reviewer
    from {{ ref('stg_manual_scores') }}
),

vetoed as (
    select distinct
        period,
        subject_kind,
        subject_id
    from {{ ref('int_veto_checks') }}
    where status = 'fail'
),

judged as (
    select
        grid.* exclude (not_applicable_kind, not_applicable_reason),
        scores.score,
        scores.reviewer as scorer,
        kinds.code as not_applicable_kind,
        kinds.name_zh as not_applicable_reason,
        case
            when scores.score is null then 'undetermined' else {{ judge('scores.score', 'scores.score') }}
        end
            as judgement
    from grid
    left join scores using (period, subject_id)
    left join vetoed using (period, subject_kind, subject_id)
    left join {{ ref('not_applicable_kinds') }} as kinds
        on kinds.code = coalesce(
            grid.not_applicable_kind, case when vetoed.subject_id is not null then 'already_vetoed' end
        )
)

select
    {{ check_columns(
        status='judgement',
        reason="case judgement
            when 'undetermined' then '尚未评分'
            when 'fail' then '得分低于 ' || format('{:.10g}', threshold) || ' 分'
            else '得分达到 ' || format('{:.10g}', threshold) || ' 分'
        end",
        measured="format('{:.10g}', score) || ' 分'",
        evidence_sha256='cast(null as varchar)',
        reviewer='scorer'
    ) }}
from judged
