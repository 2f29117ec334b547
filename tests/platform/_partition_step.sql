begin;
select plan(7);

create role tap_nobody;

select has_function('platform', '_partition_step', array['text'], 'it exists');
select function_returns('platform', '_partition_step', array['text'], 'interval', 'it returns an interval');
select volatility_is('platform', '_partition_step', array['text'], 'immutable', 'it depends on nothing else');
select isnt_definer('platform', '_partition_step', array['text'], 'it runs as its caller');
select function_privs_are('platform', '_partition_step', array['text'], 'tap_nobody', '{}', 'it is internal');

select results_eq(
  $$ select platform._partition_step(u) from unnest(array['day', 'week', 'month', 'quarter', 'year']) with ordinality as t (u, n) order by n $$,
  $$ values (interval '1 day'), ('7 days'), ('1 month'), ('3 months'), ('1 year') $$,
  'every unit has its length'
);
select is(platform._partition_step(null), null, 'null has none');

select * from finish();
rollback;
