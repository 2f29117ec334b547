begin;
select plan(12);

create role tap_nobody;

select has_function('platform', 'prune_audit_log', array['interval', 'integer'], 'it exists');
select function_returns('platform', 'prune_audit_log', array['interval', 'integer'], 'bigint', 'it returns a count');
select volatility_is('platform', 'prune_audit_log', array['interval', 'integer'], 'volatile', 'it is volatile');
select isnt_definer('platform', 'prune_audit_log', array['interval', 'integer'], 'it runs as its caller');
select function_privs_are('platform', 'prune_audit_log', array['interval', 'integer'], 'tap_nobody', '{}', 'it is internal');

insert into platform.audit_log (schema_name, table_name, row_key, action, actor, old_values, at)
select 'tap', 'notes', n, 'delete', 'tap', '{}', clock_timestamp() - n * interval '1 day'
from generate_series(1, 10) as n;

create view pg_temp.kept as select row_key::integer from platform.audit_log where schema_name = 'tap';

set local role moadb_owner;
select is(platform.prune_audit_log('7 days 1 hour', 2), 2::bigint, 'it deletes no more than the limit');
reset role;
select results_eq('select row_key from pg_temp.kept order by 1', 'select generate_series(1, 8)', 'and the oldest first');
select is(platform.prune_audit_log('7 days 1 hour'), 1::bigint, 'it deletes what is older than the retention');
select results_eq('select row_key from pg_temp.kept order by 1', 'select generate_series(1, 7)', 'and nothing else');
select is(platform.prune_audit_log('7 days 1 hour'), 0::bigint, 'run again it finds nothing to do');
set local moadb.now = '2099-01-01';
select is(platform.prune_audit_log('7 days 1 hour'), 0::bigint, 'a moved clock does not age the records');
select throws_ok('delete from platform.audit_log', 'MP003', 'delete on platform.audit_log is refused', 'afterwards the log is closed again');

select * from finish();
rollback;
