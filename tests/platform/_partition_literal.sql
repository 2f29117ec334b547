begin;
select plan(9);

create role tap_nobody;

select has_function('platform', '_partition_literal', array['text', 'bigint'], 'it exists');
select function_returns('platform', '_partition_literal', array['text', 'bigint'], 'text', 'it returns text');
select volatility_is('platform', '_partition_literal', array['text', 'bigint'], 'stable', 'it is stable');
select isnt_definer('platform', '_partition_literal', array['text', 'bigint'], 'it runs as its caller');
select function_privs_are('platform', '_partition_literal', array['text', 'bigint'], 'tap_nobody', '{}', 'it is internal');

set local timezone = 'America/New_York';
set local datestyle = 'German';

select is(
  platform._partition_literal('time', 1793458800000000), '2026-10-31 15:00:00.000000+00', 'times carry their offset, in any session'
);
select is(platform._partition_literal('date', 9821), '2026-11-21', 'dates are ISO, in any session');
select is(platform._partition_literal('id', 354042744143872), '354042744143872', 'ids are numbers');
select is(
  platform._partition_literal('time', platform._partition_position('time', 'Asia/Seoul', null, '2026-11-01'))::timestamptz,
  timestamptz '2026-11-01 00:00+09', 'it means what it was made from'
);

select * from finish();
rollback;
