-- 安全、泄密事故等严重问题: a person's judgement.
{{ manual_check('M1') }}
