-- 互动回应差: messages and replies are read by a person.
{{ manual_check('W5') }}
