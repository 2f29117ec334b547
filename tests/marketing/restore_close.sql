begin;
select plan(20);

\ir archive.psql

select has_function('marketing', 'restore_close', array['bigint'], 'it exists');
select volatility_is('marketing', 'restore_close', array['bigint'], 'volatile', 'it is volatile');
select is_definer('marketing', 'restore_close', array['bigint'], 'whose rights it has');
select function_privs_are('marketing', 'restore_close', array['bigint'], 'marketing_app', '{}', 'applications do not call it');
select function_privs_are('marketing', 'restore_close', array['bigint'], 'marketing_admin', '{EXECUTE}', 'operators do, or nobody');

create temporary table before on commit drop as select m.* from marketing.campaign_metrics_2020_01 as m;
create temporary table archived on commit drop as select pg_temp.archive() as id;
grant select on pg_temp.archived, pg_temp.before to marketing_admin;

select throws_ok('select marketing.restore_close(null)', 'MM004', 'p_archive_id is null', 'which');
select throws_ok('select marketing.restore_close(-1)', 'MM153', 'there is no archive -1', 'no such archive');
select throws_ok(
  'select marketing.restore_close(a.id) from archived as a', 'MM159', (select format('no table was made for archive %s', a.id) from archived as a), 'not opened'
);

set local role marketing_admin;
select marketing.restore_open(a.id) from archived as a;
insert into marketing.campaign_metrics_2020_01_restoring select b.* from before as b limit 1;
select throws_ok(
  'select marketing.restore_close(a.id) from archived as a', 'MM155',
  (select format('the rows to restore are not those of archive %s (2, there are 1)', a.id) from archived as a), 'fewer rows'
);
insert into marketing.campaign_metrics_2020_01_restoring select b.* from before as b offset 1;
select is(marketing.restore_close(a.id), 2::bigint, 'the rows are back') from archived as a;
reset role;

select results_eq(
  'select m.* from marketing.campaign_metrics as m where m.date < ''2021-01-01'' order by m.date', 'select b.* from before as b order by b.date',
  'exactly those'
);
select results_eq(
  'select a.status::text, a.restored_at from marketing.archives as a', $$ values ('restored', timestamptz '2026-02-10 00:00+00') $$, 'it is written down'
);
select is(to_regclass('marketing.campaign_metrics_2020_01_restoring'), null, 'under the partition''s name');
select is(
  (select count(*) from pg_index as i where i.indrelid = 'marketing.campaign_metrics_2020_01'::regclass),
  (select count(*) from pg_index as i where i.indrelid = 'marketing.campaign_metrics'::regclass), 'with the indexes of the table, once'
);
select is_empty(
  $$ select i.indexrelid::regclass from pg_index as i where i.indexrelid::regclass::text ~ '_restoring' $$, 'which have the names that they had'
);
select is(
  (select c.relrowsecurity from pg_class as c where c.oid = 'marketing.campaign_metrics_2020_01'::regclass),
  (select c.relrowsecurity from pg_class as c where c.oid = 'marketing.campaign_metrics'::regclass), 'and its row security'
);
select ok(
  not has_table_privilege('marketing_admin', 'marketing.campaign_metrics_2020_01', 'insert, select, update, delete, truncate'),
  'nobody has more rights than before'
);
set local session_replication_role = replica;
select lives_ok($$ insert into marketing.campaign_metrics (campaign_id, date, created_at, updated_at) values (9001, '2020-01-15', now(), now()) $$, 'rows may come again');
reset session_replication_role;
select throws_ok(
  'select marketing.restore_close(a.id) from archived as a', 'MM154', (select format('the rows of archive %s are back in the database', a.id) from archived as a),
  'not twice'
);
select cmp_ok(pg_temp.archive(), '>', (select a.id from archived as a), 'it can be archived again');

select * from finish();
rollback;
