-- 站点无法访问: the share of visits in a week at which the site did not open within 15 seconds. Visits that are
-- lacking might have failed or not: too few of them leave the check open, unless neither would change it.
with grid as (
    select * from {{ ref('int_check_grid') }}
    where indicator_code = 'W2'
),

availability as (
    select
        * exclude (site_code),
        site_code as subject_id
    from {{ ref('int_site_availability') }}
),

judged as (
    select
        grid.*,
        availability.valid,
        availability.failed,
        availability.own_outages,
        availability.unproven,
        availability.visits,
        availability.outstanding,
        availability.short_days,
        availability.visits_per_day,
        availability.evidence_sha256,
        availability.evidence_sha256s,
        {{ failures_left('availability.failed', 'availability.valid + availability.outstanding') }}
            as failures_left,
        case when availability.is_simulated then '（模拟）' else '' end as simulated_note,
        case
            when coalesce(availability.visits, 0) = 0 then 'undetermined'
            else {{ judge('availability.share_low', 'availability.share_high') }}
        end as judgement
    from grid
    left join availability using (period, monitoring_point, subject_id)
)

select
    {{ check_columns(
        status='judgement',
        reason="case
            when coalesce(visits, 0) = 0 then '未做一周可用性监测'
            when judgement = 'fail' and outstanding = 0
                then valid || ' 次有效访问中 ' || failed || ' 次打不开' || simulated_note
            when judgement = 'fail'
                then valid || ' 次有效访问中 ' || failed || ' 次打不开，即使还缺的 ' || outstanding
                    || ' 次都打开，也达到 ' || format('{:.10g}', threshold) || '%' || simulated_note
            when judgement = 'pass'
                then valid || ' 次有效访问中 ' || failed || ' 次打不开，不到 '
                    || format('{:.10g}', threshold) || '%' || simulated_note
            else '有效访问 ' || valid || ' 次，' || short_days || ' 天不足每天 ' || visits_per_day || ' 次，还缺 '
                || outstanding || ' 次' || " ~ void_text('own_outages', 'unproven') ~ " || simulated_note
        end",
        measured="case when visits > 0 then
            valid || ' 次有效访问中 ' || failed || ' 次打不开'
            || case when valid > 0 then '，占 ' || " ~ share_text('failed', 'valid') ~ " else '' end
            || case
                when judgement <> 'fail'
                    then '；再有 ' || failures_left || ' 次打不开即达到 ' || format('{:.10g}', threshold) || '%'
                else ''
            end
            || simulated_note
        end",
        evidence_sha256='evidence_sha256',
        evidence_sha256s='evidence_sha256s'
    ) }}
from judged
