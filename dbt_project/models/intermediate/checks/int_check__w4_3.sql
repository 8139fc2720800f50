-- Columns that never held anything.
{{ column_count_check('W4.3', '空白') }}
