{{ config(
    materialized='incremental', incremental_strategy='replace_period', on_schema_change='append_new_columns'
) }}

with subjects as (
    select * from {{ ref('int_subjects') }}
),

scope as (
    select * from {{ ref('int_scope') }}
),

platforms as (
    select * from {{ ref('platforms') }}
),

site_classes as (
    select * from {{ ref('site_classes') }}
)

select
    subjects.period,
    subjects.subject_kind,
    subjects.subject_id,
    subjects.subject_name,
    subjects.organiser,
    subjects.supervisor,
    subjects.district,
    subjects.platform,
    platforms.name_zh as platform_name,
    platforms.annex_name as annex_platform,
    subjects.platform_uid,
    subjects.site_class,
    site_classes.name_zh as site_class_name,
    subjects.home_url,
    subjects.status,
    subjects.opened_on,
    subjects.closed_on,
    subjects.position,
    scope.in_scope,
    scope.is_sampled
from subjects
inner join scope using (period, subject_kind, subject_id)
left join platforms on subjects.platform = platforms.code
left join site_classes on subjects.site_class = site_classes.code
