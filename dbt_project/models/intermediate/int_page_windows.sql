with grid as (
    select * from {{ ref('int_check_grid') }}
    where subject_kind = 'website' and not_applicable_kind is null
),

columns as (
    select * from {{ ref('stg_columns') }}
    -- channels and service lists publish nothing: W5 and W6 speak of them
    where column_class not in ('consultation', 'service')
),

plan as (
    select
        period,
        rule_set
    from {{ ref('stg_plan') }}
),

class_windows as (
    select * from {{ ref('int_rule_windows') }}
),

home_pages as (
    select
        grid.period,
        grid.subject_id as site_code,
        grid.indicator_code,
        grid.monitoring_point,
        grid.window_start,
        'home' as page_kind,
        '' as column_name,
        0 as position
    from grid
    where grid.indicator_code = 'W3'
),

-- W3: all columns stand in for a home page that is only navigation. W4.3: blank has no window.
all_columns as (
    select
        grid.period,
        grid.subject_id as site_code,
        grid.indicator_code,
        grid.monitoring_point,
        grid.window_start,
        'column' as page_kind,
        columns.column_name,
        columns.position
    from grid
    inner join columns on grid.period = columns.period and grid.subject_id = columns.site_code
    where grid.indicator_code in ('W3', 'W4.3')
),

-- W4.1: the class of a column sets its window.
classed_columns as (
    select
        grid.period,
        grid.subject_id as site_code,
        grid.indicator_code,
        grid.monitoring_point,
        {{ window_start('grid.monitoring_point', 'class_windows.window_value', 'class_windows.window_unit') }}
            as window_start,
        'column' as page_kind,
        columns.column_name,
        columns.position
    from grid
    inner join columns on grid.period = columns.period and grid.subject_id = columns.site_code
    inner join plan on grid.period = plan.period
    inner join class_windows
        on
            plan.rule_set = class_windows.rule_set
            and grid.indicator_code = class_windows.code
            and columns.column_class = class_windows.column_class
            and coalesce(columns.column_level <= class_windows.level_at_most, true)
),

-- W4.2: the registry sets it, column by column; a blank column counts whether it does or not.
own_windows as (
    select
        grid.period,
        grid.subject_id as site_code,
        grid.indicator_code,
        grid.monitoring_point,
        {{ window_start('grid.monitoring_point', 'columns.update_within_days', "'day'") }} as window_start,
        'column' as page_kind,
        columns.column_name,
        columns.position
    from grid
    inner join columns on grid.period = columns.period and grid.subject_id = columns.site_code
    where grid.indicator_code = 'W4.2'
)

select * from home_pages
union all by name
select * from all_columns
union all by name
select * from classed_columns
union all by name
select * from own_windows
