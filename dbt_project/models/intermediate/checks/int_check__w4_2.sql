-- Columns past their own update period; blank ones are among them.
{{ column_count_check('W4.2', '超期未更新') }}
