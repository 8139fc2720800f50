-- News columns not updated in 2 weeks and first-level notice and policy columns not in 6 months, together.
{{ column_count_check('W4.1', '未更新') }}
