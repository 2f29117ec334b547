begin;
select plan(13);

create role tap_nobody;

select has_function('platform', '_partition_position', array['text', 'text', 'integer', 'timestamp without time zone'], 'it exists');
select function_returns(
  'platform', '_partition_position', array['text', 'text', 'integer', 'timestamp without time zone'], 'bigint', 'it returns a bigint'
);
select volatility_is(
  'platform', '_partition_position', array['text', 'text', 'integer', 'timestamp without time zone'], 'immutable', 'it depends on no setting'
);
select isnt_definer(
  'platform', '_partition_position', array['text', 'text', 'integer', 'timestamp without time zone'], 'it runs as its caller'
);
select function_privs_are(
  'platform', '_partition_position', array['text', 'text', 'integer', 'timestamp without time zone'], 'tap_nobody', '{}', 'it is internal'
);

set local timezone = 'America/New_York';

select is(platform._partition_position('time', 'UTC', null, '1970-01-01 00:00:00.000001'), 1::bigint, 'times are microseconds since 1970');
select is(
  platform._partition_position('time', 'Asia/Seoul', null, '2026-11-01'), 1793458800000000, 'of the given zone, whatever the session''s'
);
select is(
  platform._partition_position('time', 'America/New_York', null, '2026-11-02')
    - platform._partition_position('time', 'America/New_York', null, '2026-11-01'),
  25 * 3600 * 1000000::bigint, 'the day on which clocks go back has 25 hours'
);
select is(
  platform._partition_position('time', 'America/New_York', null, '2026-03-09')
    - platform._partition_position('time', 'America/New_York', null, '2026-03-08'),
  23 * 3600 * 1000000::bigint, 'the day on which they go forward has 23'
);
select is(platform._partition_position('date', 'UTC', null, '2026-11-21 23:59'), 9821::bigint, 'dates are days since 2000');
select is(platform._partition_position('id', 'UTC', 40, '2026-11-21'), platform.month_id('2026-11-01', 0), 'ids are those of platform.month_id');
select is(platform._partition_position('id', 'UTC', 40, '2026-11-01'), 354042744143872, 'that is 322 << 40 for November 2026');
select is(platform._partition_position('id', 'UTC', 8, '1999-12-31'), -256::bigint, 'and negative before 2000');

select * from finish();
rollback;
