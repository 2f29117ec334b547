begin;
select plan(3);

\ir team.psql

select trigger_is('marketing', 'account_connections', 'account_connections_audit_insert', 'platform', 'audit_row', 'insert');
select trigger_is('marketing', 'account_connections', 'account_connections_audit_update', 'platform', 'audit_row', 'update');
select pg_temp.act_as(9001);
select marketing.refresh_tokens(9001, 9001, '\x0c', 'k9');
reset role;
select results_eq(
  $$ select a.action::text, a.actor = 'user:9001', a.new_values ->> 'access_token' from platform.audit_log as a where a.table_name = 'account_connections' and a.row_key = '9001,9001' order by a.id $$,
  $$ values ('insert', false, '***'), ('update', true, '***') $$, 'who, and no tokens'
);

select * from finish();
rollback;
