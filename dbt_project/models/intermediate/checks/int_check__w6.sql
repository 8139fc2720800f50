-- 服务不实用: service guides are read by a person.
{{ manual_check('W6') }}
