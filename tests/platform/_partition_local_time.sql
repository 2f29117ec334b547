begin;
select plan(12);

create role tap_nobody;

select has_function('platform', '_partition_local_time', array['text', 'text', 'integer', 'bigint'], 'it exists');
select function_returns(
  'platform', '_partition_local_time', array['text', 'text', 'integer', 'bigint'], 'timestamp without time zone', 'it returns a local time'
);
select volatility_is('platform', '_partition_local_time', array['text', 'text', 'integer', 'bigint'], 'immutable', 'it depends on no setting');
select isnt_definer('platform', '_partition_local_time', array['text', 'text', 'integer', 'bigint'], 'it runs as its caller');
select function_privs_are(
  'platform', '_partition_local_time', array['text', 'text', 'integer', 'bigint'], 'tap_nobody', '{}', 'it is internal'
);

select is(
  platform._partition_local_time('time', 'Asia/Seoul', null, 1793458800000000), timestamp '2026-11-01', 'microseconds become local time'
);
select is(
  platform._partition_local_time('time', 'UTC', null, -1), timestamp '1969-12-31 23:59:59.999999', 'to the microsecond, before 1970 too'
);
select is(
  platform._partition_local_time('time', 'UTC', null, platform._partition_position('time', 'UTC', null, '2999-12-31 23:59:59.999999')),
  timestamp '2999-12-31 23:59:59.999999', 'and beyond what a double can count'
);
select is(platform._partition_local_time('date', 'UTC', null, 9821), timestamp '2026-11-21', 'days become dates');
select is(
  platform._partition_local_time('id', 'UTC', 40, platform.month_id('2026-11-21', 77)), timestamp '2026-11-01', 'ids become their month'
);
select is(platform._partition_local_time('id', 'UTC', 40, -1), timestamp '1999-12-01', 'rounded down, not towards 2000');
select is(
  (select platform._partition_local_time(k.kind, 'UTC', 40, 354042744143872) from (values ('id')) as k (kind)), timestamp '2026-11-01',
  'a constant position that no date could have is not computed as one'
);

select * from finish();
rollback;
