begin;
select plan(4);
\ir team.psql

select trigger_is('marketing', 'insights', 'insights_keep_identity', 'marketing', '_keep_identity');
insert into marketing.insights (workspace_id, dedupe_key, type, title, created_at) values (9001, 'k', 'warning', 't', '2026-11-20');
select throws_ok('update marketing.insights set workspace_id = workspace_id + 1', 'MM022', 'workspace_id of marketing.insights does not change', 'moved');
select throws_ok('update marketing.insights set id = id + 100', 'MM022', 'id of marketing.insights does not change', 'called something else');
select lives_ok('update marketing.insights set title = ''x'', workspace_id = workspace_id', 'changed');

select * from finish();
rollback;
