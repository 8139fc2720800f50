with registered as (
    select * from {{ ref('stg_registry_history') }}
),

moments as (
    select
        snapshot_number,
        snapshot_at
    from registered
    group by all
),

-- A version ends where anything that the registry says of the subject is another, or where it was left out.
compared as (
    select
        *,
        {
            'subject_name': subject_name, 'site_class': site_class, 'home_url': home_url,
            'organiser': organiser, 'supervisor': supervisor, 'district': district, 'status': status,
            'opened_on': opened_on, 'closed_on': closed_on
        } as said,
        lag(said) over subject_line as said_before,
        lag(snapshot_number) over subject_line as number_before
    from registered
    window subject_line as (partition by subject_kind, subject_id order by snapshot_number)
),

numbered as (
    select
        *,
        count(*) filter (
            where
            number_before is null
            or number_before < snapshot_number - 1
            or said is distinct from said_before
        ) over (
            partition by subject_kind, subject_id
            order by snapshot_number
            rows between unbounded preceding and current row
        ) as version
    from compared
),

versions as (
    select
        subject_kind,
        subject_id,
        version,
        arg_min(snapshot_id, snapshot_number) as snapshot_id,
        min(snapshot_at) as valid_from,
        max(snapshot_number) as last_number,
        any_value(platform) as platform,
        any_value(said) as said,
        arg_min_null(said_before, snapshot_number) as said_before,
        coalesce(arg_min_null(number_before, snapshot_number) < min(snapshot_number) - 1, false) as came_back
    from numbered
    group by subject_kind, subject_id, version
)

select
    versions.subject_kind,
    versions.subject_id,
    versions.version::integer as version,
    versions.said['subject_name'] as subject_name,
    versions.said['organiser'] as organiser,
    versions.said['supervisor'] as supervisor,
    versions.said['district'] as district,
    versions.platform,
    versions.said['site_class'] as site_class,
    versions.said['home_url'] as home_url,
    versions.said['status'] as status,
    versions.said['opened_on'] as opened_on,
    versions.said['closed_on'] as closed_on,
    versions.valid_from,
    ended.snapshot_at as valid_to,
    ended.snapshot_at is null as is_current,
    case
        when versions.version = 1 then 'registered'
        when versions.came_back then 'came_back'
        when versions.said['status'] <> versions.said_before['status']
            then case versions.said['status']
                when 'closed' then 'closed' when 'closing' then 'closing' else 'reopened'
            end
        when versions.said['subject_name'] <> versions.said_before['subject_name'] then 'renamed'
        else 'changed'
    end as change,
    case
        when versions.version = 1 then '首次登记'
        else concat_ws(
            '；',
            case when versions.came_back then '从台账删去后又登记' end,
            {{ change_zh('名称', "versions.said_before['subject_name']", "versions.said['subject_name']") }},
            {{ change_zh(
                '状态', status_zh("versions.said_before['status']"), status_zh("versions.said['status']")
            ) }},
            {{ change_zh('主办单位', "versions.said_before['organiser']", "versions.said['organiser']") }},
            {{ change_zh('主管单位', "versions.said_before['supervisor']", "versions.said['supervisor']") }},
            {{ change_zh('地区', "versions.said_before['district']", "versions.said['district']") }},
            {{ change_zh('网站类别', "versions.said_before['site_class']", "versions.said['site_class']") }},
            {{ change_zh('首页地址', "versions.said_before['home_url']", "versions.said['home_url']") }},
            {{ change_zh(
                '开设日期', "versions.said_before['opened_on']::varchar", "versions.said['opened_on']::varchar"
            ) }},
            {{ change_zh(
                '关停日期', "versions.said_before['closed_on']::varchar", "versions.said['closed_on']::varchar"
            ) }}
        )
    end as change_zh,
    versions.said_before['subject_name'] as former_name,
    versions.snapshot_id
from versions
left join moments as ended on versions.last_number + 1 = ended.snapshot_number
