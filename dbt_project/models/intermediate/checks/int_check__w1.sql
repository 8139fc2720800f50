-- 安全、泄密事故等严重问题: a person's judgement (forged dates, text beside the matter, …).
{{ manual_check('W1') }}
