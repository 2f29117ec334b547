begin;
select plan(11);

create role tap_nobody;

select has_function('platform', 'prune_tasks', array['interval', 'interval', 'integer'], 'it exists');
select function_returns('platform', 'prune_tasks', array['interval', 'interval', 'integer'], 'bigint', 'it returns what it says');
select volatility_is('platform', 'prune_tasks', array['interval', 'interval', 'integer'], 'volatile', 'it is volatile');
select isnt_definer('platform', 'prune_tasks', array['interval', 'interval', 'integer'], 'it runs as its caller');
select function_privs_are('platform', 'prune_tasks', array['interval', 'interval', 'integer'], 'tap_nobody', '{}', 'nobody may call it whom no system has named');

insert into platform.tasks (topic, status, finished_at)
select 'tap.' || s.status, s.status, case when s.status <> 'ready' then now() - make_interval(days => n, hours => -1) end
from generate_series(1, 10) as n
cross join unnest(array['ready', 'done', 'dead']) as s (status);

set local role moadb_owner;
select is(platform.prune_tasks(p_limit => 2), 2::bigint, 'it deletes no more than the limit');
select is((select min(t.finished_at) from platform.tasks as t where t.topic = 'tap.done'), now() - interval '7 days 23 hours', 'and the oldest first');
select is(platform.prune_tasks(), 1::bigint, 'by itself it deletes what was done more than seven days ago');
select is(platform.prune_tasks(), 0::bigint, 'run again it finds nothing to do');
select is(platform.prune_tasks('7 days', '9 days'), 1::bigint, 'dead tasks have a time of their own');
select results_eq(
  $$ select t.topic, count(*) from platform.tasks as t where t.topic like 'tap.%' group by t.topic order by t.topic $$,
  $$ values ('tap.dead', 9::bigint), ('tap.done', 7), ('tap.ready', 10) $$,
  'tasks that are to be done stay'
);

select * from finish();
rollback;
