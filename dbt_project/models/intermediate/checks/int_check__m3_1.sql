-- 未提供有效互动功能: menus are tried by a person.
{{ manual_check('M3.1') }}
