begin;
select plan(42);

select has_function('marketing', 'edit_report_schedule', array['bigint', 'jsonb']);
select function_returns('marketing', 'edit_report_schedule', array['bigint', 'jsonb'], 'void');
select volatility_is('marketing', 'edit_report_schedule', array['bigint', 'jsonb'], 'volatile');
select is_definer('marketing', 'edit_report_schedule', array['bigint', 'jsonb']);
select function_privs_are('marketing', 'edit_report_schedule', array['bigint', 'jsonb'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'edit_report_schedule', array['bigint', 'jsonb'], 'marketing_admin', '{EXECUTE}');

\ir team.psql
\ir reports.psql

select marketing.create_report_schedule(9001, 'Daily', 'daily', p_config => '{"language": "en"}') as schedule \gset
create function pg_temp.stands() returns text language sql as $$
  select concat_ws('|', s.title, s.report_type, s.config, s.compare, s.time_zone, s.at_time, s.next_run_at at time zone s.time_zone)
  from marketing.report_schedules as s
$$;
create function pg_temp.edit(p_changes jsonb) returns text language sql as $$
  select format('select marketing.edit_report_schedule(%s, %L)', max(s.id), p_changes) from marketing.report_schedules as s
$$;
select lives_ok(pg_temp.edit('{}'), 'nothing');
select is(pg_temp.stands(), 'Daily|daily|{"language": "en"}|previous|Asia/Seoul|06:00:00|2026-11-19 06:00:00', 'is changed');
select lives_ok(
  pg_temp.edit('{"title": "Weekly", "report_type": "weekly", "config": {}, "compare": "year", "time_zone": "America/New_York", "at_time": "07:30"}'), 'all'
);
select is(pg_temp.stands(), 'Weekly|weekly|{}|year|America/New_York|07:30:00|2026-11-23 07:30:00', 'is changed, and when it runs follows');
select lives_ok(pg_temp.edit('{"report_type": "daily", "time_zone": null, "compare": null, "at_time": null, "config": null}'), 'nulls leave what is');
select is(pg_temp.stands(), 'Weekly|daily|{}|year|America/New_York|07:30:00|2026-11-18 07:30:00', 'as it is');

-- what is due stays due
set local moadb.now = '2026-11-18 08:00-05';
select lives_ok(pg_temp.edit('{"at_time": "07:00", "title": "Daily"}'), 'another time when it is due');
select is(pg_temp.stands(), 'Daily|daily|{}|year|America/New_York|07:00:00|2026-11-18 07:30:00', 'loses no report');
select is(marketing.run_report_schedules(), 1, 'it runs');
select is((select r.date_from from marketing.reports as r), '2026-11-17', 'for yesterday');
select is(pg_temp.stands(), 'Daily|daily|{}|year|America/New_York|07:00:00|2026-11-19 07:00:00', 'and has the new time afterwards');
select lives_ok(pg_temp.edit('{"at_time": "09:00"}'), 'a later time on the same day');
set local moadb.now = '2026-11-18 09:30-05';
select is(marketing.run_report_schedules(), 0, 'a day has one report, at whatever time');

select marketing.pause_report_schedule(:schedule);
select lives_ok(pg_temp.edit('{"at_time": "10:00"}'), 'one that is paused');
select is(pg_temp.stands(), 'Daily|daily|{}|year|America/New_York|10:00:00', 'stays paused');

select throws_ok(pg_temp.edit(null), 'MM004', null, 'no changes');
select throws_ok(pg_temp.edit('{"is_active": true}'), 'MM005', null, 'what cannot be changed so');
select throws_ok(pg_temp.edit('["title"]'), 'MM005', null, 'no object');
select throws_ok(pg_temp.edit('{"title": null}'), 'MM004', null, 'no title');
select throws_ok(pg_temp.edit('{"report_type": "custom"}'), 'MM005', null, 'a type that it cannot be of');
select throws_ok(pg_temp.edit(jsonb_build_object('title', repeat('x', 256))), 'MM005', null, 'a title too long');
select throws_ok(pg_temp.edit(jsonb_build_object('report_type', repeat('x', 60))), 'MM005', null, 'no type');
select throws_ok(pg_temp.edit(jsonb_build_object('compare', repeat('x', 60))), 'MM005', null, 'compared with too much');
select throws_ok(pg_temp.edit('{"at_time": "25:00"}'), 'MM005', null, 'no time of a day');
select throws_ok(pg_temp.edit('{"at_time": "24:00"}'), 'MM005', null, 'midnight is 00:00');
select throws_ok(pg_temp.edit('{"at_time": "soon"}'), 'MM005', null, 'no time at all');
select throws_ok(pg_temp.edit('{"at_time": "06:00 Mars/Base"}'), 'MM005', null, 'a time somewhere');
select throws_ok(pg_temp.edit('{"at_time": "now"}'), 'MM005', null, 'a word for one');
select throws_ok(pg_temp.edit('{"at_time": "06:00+09"}'), 'MM005', null, 'one with an offset, which would be lost');
select throws_ok(pg_temp.edit('{"compare": "month"}'), 'MM005', null, 'compared with what there is not');
select throws_ok(pg_temp.edit('{"config": {"x": 1}}'), 'MM131', null, 'a configuration that is not understood');
select throws_ok(pg_temp.edit('{"time_zone": "Mars/Base"}'), 'MP033', null, 'a zone that there is not');
select throws_ok($$ select marketing.edit_report_schedule(-1, '{}') $$, 'MM135', null, 'no schedule');
select pg_temp.act_as(9003);
select throws_ok(format('select marketing.edit_report_schedule(%s, ''{}'')', :schedule), 'MM002', null, 'a viewer changes nothing');
select pg_temp.act_as(9004);
select throws_ok(format('select marketing.edit_report_schedule(%s, ''{}'')', :schedule), 'MM135', null, 'another''s is none');
select pg_temp.nobody();
set local role marketing_app;
select throws_ok($$ select marketing.edit_report_schedule(-1, '{}') $$, 'MM003', null, 'somebody must act');

select * from finish();
rollback;
