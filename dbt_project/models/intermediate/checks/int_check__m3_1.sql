-- 未提供有效互动功能: a person's judgement. Where the owner of a 公众号 gave a key, its menu is read: a valid
-- entry passes, and a menu without one is for a reviewer to try, since there may be other ways to ask.
with grid as (
    select * from {{ ref('int_check_grid') }}
    where indicator_code = 'M3.1'
),

looks as (
    select
        captures.capture_id,
        captures.subject_id,
        captures.captured_at,
        coalesce(captures.detail, outcomes.name_zh) as why_not_read,
        menus.capture_id is not null as is_read,
        menus.is_open,
        menus.has_interaction,
        menus.identity_seen,
        menus.evidence_sha256,
        json_array_length(menus.entries) as entries,
        len(menus.interaction) as meant,
        array_to_string(menus.interaction, '、') as names
    from {{ ref('stg_captures') }} as captures
    inner join {{ ref('outcomes') }} as outcomes on captures.outcome = outcomes.code
    left join {{ ref('stg_account_menus') }} as menus on captures.capture_id = menus.capture_id
    where captures.subject_kind = 'menu' and captures.is_current
),

-- The last menu that was read at or after T; a menu of before T may have changed until then.
latest as (
    select
        grid.period,
        grid.monitoring_point,
        looks.*
    from grid
    inner join looks on grid.subject_id = looks.subject_id and grid.monitoring_point <= looks.captured_at
    qualify row_number() over (
        partition by grid.period, grid.subject_id, grid.monitoring_point
        order by looks.is_read desc, looks.captured_at desc, looks.capture_id desc
    ) = 1
),

judged as (
    select
        grid.*,
        latest.captured_at,
        latest.why_not_read,
        latest.is_open,
        latest.has_interaction,
        latest.entries,
        latest.meant,
        latest.names,
        latest.evidence_sha256,
        coalesce(latest.is_read, false) as is_read,
        -- Whose menu it is, the key itself does not say.
        coalesce(latest.identity_seen = grid.platform_uid, false) as is_own,
        case
            when not coalesce(latest.is_read, false) then 'pass'
            when latest.has_interaction and latest.identity_seen = grid.platform_uid then 'pass'
            else 'undetermined'
        end as judgement
    from grid
    left join latest using (period, subject_id, monitoring_point)
)

select
    {{ check_columns(
        status='judgement',
        reason="case
            when captured_at is null then '人工检查未记录问题'
            when not is_read then '人工检查未记录问题；自定义菜单没有读到（' || why_not_read || '）'
            when not is_own then '未能判定：公众号凭据是否属于该账号未能核对，请复核人核对凭据并人工试用菜单'
            when has_interaction then '自定义菜单有互动入口：' || names
            when not is_open then '未能判定：自定义菜单未启用，请复核人核实有无其他有效互动功能'
            when has_interaction is null
                then '未能判定：菜单项“' || names || '”只能在微信客户端中试，请复核人点开核实是否有效'
            when meant > 0 then '未能判定：菜单项“' || names || '”打不开，请复核人核实是否有效'
            else '未能判定：自定义菜单没有互动入口，请复核人核实有无其他有效互动功能'
        end",
        measured="case when is_read then
            '自定义菜单 ' || entries || ' 项，' || case
                when has_interaction then '互动入口 ' || meant || ' 个'
                when meant > 0 then '待核实的互动入口 ' || meant || ' 个'
                else '没有互动入口'
            end
        end",
        evidence_sha256='evidence_sha256'
    ) }}
from judged
