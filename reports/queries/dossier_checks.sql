select
    checks.indicator_code as indicator,
    checks.clause,
    checks.status,
    coalesce(checks.reason, '') as reason,
    coalesce(checks.measured, '') as measured,
    coalesce(checks.threshold, '') as threshold,
    coalesce(checks.problem, '') as problem,
    coalesce(checks.reviewer, '') as reviewer,
    coalesce(checks.evidence_sha256, '') as evidence,
    strftime(timezone('Asia/Shanghai', checks.monitoring_point), '%Y-%m-%d %H:%M:%S') as point
from marts.fct_checks as checks
where checks.period = $period and checks.subject_id = $subject
order by checks.monitoring_point, checks.indicator_code
