select
    checks.subject_kind || ':' || checks.subject_id as subject,
    checks.indicator_code as indicator,
    indicators.name_zh as name,
    checks.clause,
    checks.status,
    checks.reason,
    checks.measured,
    checks.threshold,
    checks.problem,
    checks.reviewer,
    checks.evidence_sha256 as evidence,
    strftime(timezone('Asia/Shanghai', checks.monitoring_point), '%Y-%m-%d %H:%M') as point
from marts.fct_checks as checks
inner join marts.dim_periods as periods using (period)
left join marts.dim_indicators as indicators
    on checks.indicator_code = indicators.indicator_code and periods.rule_set = indicators.rule_set
where checks.period = $period
order by subject, checks.monitoring_point, checks.indicator_code
