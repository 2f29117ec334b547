begin;
select plan(6);

\ir team.psql

select trigger_is('marketing', 'account_connections', 'account_connections_keep', 'marketing', '_keep_rows', 'rows');
select trigger_is('marketing', 'account_connections', 'account_connections_keep_identity', 'marketing', '_keep_identity', 'what they are');
select throws_ok('delete from marketing.account_connections', 'MM006', null, 'none is deleted');
select throws_ok('truncate marketing.account_connections cascade', 'MM006', null, 'nor all of them');
select throws_ok($$ update marketing.account_connections set workspace_id = 9003 $$, 'MM022', 'workspace_id of marketing.account_connections does not change', 'workspace_id');
select trigger_is('marketing', 'account_connections', 'account_connections_updated_at', 'platform', 'update_updated_at', 'when');

select * from finish();
rollback;
