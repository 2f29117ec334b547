begin;
select plan(9);

\ir team.psql

select has_function('marketing', '_account_connections_follow', array[]::name[]);
select function_returns('marketing', '_account_connections_follow', array[]::name[], 'trigger');
select isnt_definer('marketing', '_account_connections_follow', array[]::name[]);
select trigger_is('marketing', 'account_connections', 'account_connections_follow', 'marketing', '_account_connections_follow', 'insert');
select trigger_is('marketing', 'account_connections', 'account_connections_follow_update', 'marketing', '_account_connections_follow', 'update');
create function pg_temp.is_connected() returns boolean language sql as 'select a.is_connected from marketing.marketing_accounts as a where a.id = 9002';
insert into marketing.account_connections (workspace_id, marketing_account_id) values (9002, 9002);
select ok(pg_temp.is_connected(), 'two have it');
update marketing.account_connections set disconnected_at = now() where workspace_id = 9002 and marketing_account_id = 9002;
select ok(pg_temp.is_connected(), 'one has it');
update marketing.account_connections set disconnected_at = now() where marketing_account_id = 9002;
select ok(not pg_temp.is_connected(), 'none has it');
update marketing.account_connections set disconnected_at = null where workspace_id = 9002 and marketing_account_id = 9002;
select ok(pg_temp.is_connected(), 'one has it again');

select * from finish();
rollback;
