-- Every subject in every registry snapshot that was ever loaded, whatever period it was loaded for.
with snapshots as (
    select
        _file,
        snapshot_at,
        snapshot_id,
        row_number() over (order by snapshot_at, _file) as snapshot_number
    from {{ source('raw', 'registry_plan') }}
),

accounts as (
    select
        replace(_file, 'registry_accounts/', 'registry_plan/') as mark,
        'account' as subject_kind,
        subject_id,
        account_name as subject_name,
        platform,
        cast(null as varchar) as site_class,
        cast(null as varchar) as home_url,
        organiser,
        supervisor,
        district,
        status,
        opened_on,
        closed_on
    from {{ source('raw', 'registry_accounts') }}
),

websites as (
    select
        replace(_file, 'registry_websites/', 'registry_plan/') as mark,
        'website' as subject_kind,
        site_code as subject_id,
        site_name as subject_name,
        cast(null as varchar) as platform,
        site_class,
        home_url,
        organiser,
        supervisor,
        district,
        status,
        cast(null as date) as opened_on,
        cast(null as date) as closed_on
    from {{ source('raw', 'registry_websites') }}
),

subjects as (
    select * from accounts
    union all by name
    select * from websites
)

select
    snapshots.snapshot_number,
    snapshots.snapshot_at,
    snapshots.snapshot_id,
    subjects.subject_kind,
    subjects.subject_id,
    subjects.subject_name,
    subjects.platform,
    subjects.site_class,
    subjects.home_url,
    subjects.organiser,
    subjects.supervisor,
    subjects.district,
    subjects.status,
    subjects.opened_on,
    subjects.closed_on
from subjects
inner join snapshots on subjects.mark = snapshots._file
