begin;
select plan(6);

\ir team.psql

select trigger_is('marketing', 'workspaces', 'workspaces_keep', 'marketing', '_keep_rows', 'rows');
select trigger_is('marketing', 'workspaces', 'workspaces_keep_identity', 'marketing', '_keep_identity', 'what they are');
select throws_ok('delete from marketing.workspaces', 'MM006', null, 'none is deleted');
select throws_ok('truncate marketing.workspaces cascade', 'MM006', null, 'nor all of them');
select throws_ok($$ update marketing.workspaces set id = id + 100 $$, 'MM022', 'id of marketing.workspaces does not change', 'id');
select trigger_is('marketing', 'workspaces', 'workspaces_updated_at', 'platform', 'update_updated_at', 'when');

select * from finish();
rollback;
