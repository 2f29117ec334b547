begin;
select plan(4);
\ir team.psql

select trigger_is('marketing', 'report_schedules', 'report_schedules_keep_identity', 'marketing', '_keep_identity');
insert into marketing.report_schedules (workspace_id, title, report_type, time_zone, next_run_at) values (9001, 't', 'weekly', 'Asia/Seoul', '2099-01-01');
select throws_ok('update marketing.report_schedules set workspace_id = workspace_id + 1', 'MM022', 'workspace_id of marketing.report_schedules does not change', 'moved');
select throws_ok('update marketing.report_schedules set id = id + 100', 'MM022', 'id of marketing.report_schedules does not change', 'called something else');
select lives_ok('update marketing.report_schedules set title = ''x'', workspace_id = workspace_id', 'changed');

select * from finish();
rollback;
