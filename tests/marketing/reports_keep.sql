begin;
select plan(4);
\ir team.psql

select trigger_is('marketing', 'reports', 'reports_keep_identity', 'marketing', '_keep_identity');
insert into marketing.reports (workspace_id, title, report_type, date_from, date_to, created_at)
values (9001, 't', 'weekly', '2026-11-02', '2026-11-08', '2026-11-09');
select throws_ok('update marketing.reports set workspace_id = workspace_id + 1', 'MM022', 'workspace_id of marketing.reports does not change', 'moved');
select throws_ok('update marketing.reports set id = id + 100', 'MM022', 'id of marketing.reports does not change', 'called something else');
select lives_ok('update marketing.reports set title = ''x'', workspace_id = workspace_id', 'changed');

select * from finish();
rollback;
