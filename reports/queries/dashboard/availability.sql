select
    subjects.subject_kind as kind,
    subjects.subject_id as id,
    subjects.subject_name as name,
    availability.probes,
    availability.valid,
    availability.void + availability.unproven as not_counted,
    availability.failed,
    availability.share,
    availability.failures_left,
    availability.status,
    availability.simulated
from marts.fct_site_availability as availability
inner join marts.dim_subjects as subjects
    on
        availability.period = subjects.period
        and availability.site_code = subjects.subject_id
        and subjects.subject_kind = 'website'
where availability.period = $period and availability.probes > 0
order by availability.failed desc, subjects.position
