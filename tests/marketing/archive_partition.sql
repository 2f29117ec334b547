begin;
select plan(23);

\ir archive.psql

select has_function('marketing', 'archive_partition', array['text', 'date', 'text', 'jsonb', 'bigint', 'bigint', 'bytea', 'numeric', 'timestamp with time zone'], 'it exists');
select volatility_is('marketing', 'archive_partition', array['text', 'date', 'text', 'jsonb', 'bigint', 'bigint', 'bytea', 'numeric', 'timestamp with time zone'], 'volatile', 'it is volatile');
select is_definer('marketing', 'archive_partition', array['text', 'date', 'text', 'jsonb', 'bigint', 'bigint', 'bytea', 'numeric', 'timestamp with time zone'], 'whose rights it has');
select function_privs_are('marketing', 'archive_partition', array['text', 'date', 'text', 'jsonb', 'bigint', 'bigint', 'bytea', 'numeric', 'timestamp with time zone'], 'marketing_app', '{}', 'applications do not call it');
select function_privs_are('marketing', 'archive_partition', array['text', 'date', 'text', 'jsonb', 'bigint', 'bigint', 'bytea', 'numeric', 'timestamp with time zone'], 'marketing_admin', '{EXECUTE}', 'operators do, or nobody');

select throws_ok(
  $$ select marketing.open_export('campaign_metrics', '2020-01-01') $$, 'MM158', 'the transaction is read committed, not repeatable read',
  'an export is of one snapshot'
);
select throws_ok(
  'select pg_temp.archive(p_rows => 3)', 'MM151', 'the rows of campaign_metrics from 2020-01-01 have changed since they were exported (3, now 2)', 'other rows'
);
select throws_ok(
  'select pg_temp.archive(p_checksum => 1)', 'MM151', 'the rows of campaign_metrics from 2020-01-01 have changed since they were exported (2, now 2)',
  'as many others'
);
select throws_ok(
  $$ select pg_temp.archive(p_columns => '[{"name": "likes", "type": "bigint"}]') $$, 'MM156',
  'the columns of campaign_metrics are not those that were exported', 'other columns'
);
select throws_ok(
  $$ select marketing.archive_partition('campaign_metrics', '2020-01-01', null, '[]', 2, 1, '', 0, now()) $$, 'MM004', null, 'where to'
);
select throws_ok(
  $$ select marketing.archive_partition('x', '2020-01-01', 'u', '[]', 2, 1, '', 0, now()) $$, 'MM005', null, 'another table'
);
select throws_ok(
  $$ select marketing.archive_partition('campaign_metrics', '2020-01-02', 'u', '[]', 2, 1, '', 0, now()) $$, 'MM150', null, 'no such month'
);
set local moadb.now = '2020-01-31 23:59+00';
select throws_ok(
  'select pg_temp.archive()', 'MM157', 'the partition of campaign_metrics from 2020-01-01 ends on 2020-02-01: it is not over', 'a month that runs'
);
set local moadb.now = '2026-02-10 00:00+00';
select is((select count(*) from marketing.campaign_metrics_2020_01), 2::bigint, 'nothing of that took a row away');

select cmp_ok(pg_temp.archive(), '>', 0::bigint, 'the rows leave');
select is_empty('select from marketing.campaign_metrics_2020_01', 'all of them');
select results_eq(
  $$
    select a.table_name, a.partition_name, a.date_from, a.date_to, a.rows, a.bytes, a.sha256, a.status::text, a.removed_at
    from marketing.archives as a
  $$,
  $$
    values (
      'campaign_metrics', 'campaign_metrics_2020_01', date '2020-01-01', date '2020-02-01', 2::bigint, 100::bigint, sha256('tap'), 'removed',
      timestamptz '2026-02-10 00:00+00'
    )
  $$,
  'it is written down where they are'
);
set local session_replication_role = replica;
select throws_ok(
  $$ insert into marketing.campaign_metrics (campaign_id, date, created_at, updated_at) values (9001, '2020-01-15', now(), now()) $$, '23514',
  'new row for relation "campaign_metrics_2020_01" violates check constraint "campaign_metrics_2020_01_archived_check"', 'no others come'
);
reset session_replication_role;
select matches(
  obj_description('marketing.campaign_metrics_2020_01'::regclass, 'pg_class'), '^Archived: its rows are in file:///tap/x\.parquet', 'the partition says why'
);
select is(
  (select array_agg(m.made || m.skipped) from platform.maintain_partitions('marketing.campaign_metrics') as m
   where array_to_string(m.made, ',') like '%2020%'), null, 'maintenance makes it not anew'
);
select throws_ok('select pg_temp.archive()', 'MM152', 'the rows of campaign_metrics from 2020-01-01 are in a file already', 'not twice');
select results_eq(
  $$ select c.invariant, c.violations from platform.check_invariants('marketing') as c where c.invariant ~ 'archived|closed_months' $$,
  $$ values ('marketing.archived_months_are_closed', 0::bigint), ('marketing.closed_months_are_archived', 0) $$, 'that is as it must be'
);
update marketing.archives set status = 'restored', restored_at = now();
select is(
  (select c.sample from platform.check_invariants('marketing') as c where c.invariant = 'marketing.closed_months_are_archived'),
  '[{"relname": "campaign_metrics_2020_01"}]', 'a month that is closed and in no file is found'
);

select * from finish();
rollback;
