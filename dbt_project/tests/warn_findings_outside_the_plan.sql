{{ config(severity='warn') }}
-- A reviewer's finding that no check of the plan takes up, or of somebody outside the sample, would be heard
-- by nobody.
select
    findings.subject_kind,
    findings.subject_id,
    findings.indicator,
    findings.problem
from {{ ref('stg_manual_findings') }} as findings
left join {{ ref('int_check_grid') }} as grid
    on
        grid.not_applicable_kind is distinct from 'not_sampled'
        and findings.period = grid.period
        and findings.subject_kind = grid.subject_kind
        and findings.subject_id = grid.subject_id
        and (
            {{ covers('findings.indicator', 'grid.indicator_code') }}
            or {{ covers('grid.indicator_code', 'findings.indicator') }}
        )
where {{ is_assessed('findings.period') }} and grid.subject_id is null
