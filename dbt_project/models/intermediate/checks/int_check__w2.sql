-- 站点无法访问 wants 20 visits a day for a week: captures are not that, and their silence proves nothing.
{{ manual_check('W2', without='undetermined', reason='未做一周可用性监测') }}
