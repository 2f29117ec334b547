begin;
select plan(13);

\ir archive.psql

select has_function('marketing', 'restore_open', array['bigint'], 'it exists');
select volatility_is('marketing', 'restore_open', array['bigint'], 'volatile', 'it is volatile');
select is_definer('marketing', 'restore_open', array['bigint'], 'whose rights it has');
select function_privs_are('marketing', 'restore_open', array['bigint'], 'marketing_app', '{}', 'applications do not call it');
select function_privs_are('marketing', 'restore_open', array['bigint'], 'marketing_admin', '{EXECUTE}', 'operators do, or nobody');

create temporary table archived on commit drop as select pg_temp.archive() as id;
grant select on pg_temp.archived to marketing_admin;
set local role marketing_admin;
select is(
  (marketing.restore_open((select a.id from archived as a))).relation, 'marketing.campaign_metrics_2020_01_restoring', 'a table for the rows'
);
select lives_ok(
  $$ insert into marketing.campaign_metrics_2020_01_restoring (campaign_id, date, created_at, updated_at) values (1, '2020-01-01', now(), now()) $$, 'into which the caller may insert'
);
select throws_ok('select from marketing.campaign_metrics_2020_01_restoring', '42501', null, 'and no more');
reset role;
select is((select count(*) from marketing.campaign_metrics_2020_01), 0::bigint, 'it is no partition yet');
select throws_ok('select marketing.restore_open(null)', 'MM004', 'p_archive_id is null', 'which');
select throws_ok('select marketing.restore_open(-1)', 'MM153', 'there is no archive -1', 'no such archive');
drop table marketing.campaign_metrics_2020_01_restoring;
alter table marketing.campaign_metrics drop column saves cascade;
select throws_ok(
  'select marketing.restore_open(a.id) from archived as a', 'MM156', 'the columns of campaign_metrics are not those that were exported',
  'a column is gone'
);
update marketing.archives set status = 'restored', restored_at = now();
select throws_ok(
  'select marketing.restore_open(a.id) from archived as a', 'MM154', (select format('the rows of archive %s are back in the database', a.id) from archived as a),
  'what is back'
);

select * from finish();
rollback;
