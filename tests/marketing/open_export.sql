begin isolation level repeatable read;
select plan(17);

\ir archive.psql

select has_function('marketing', 'open_export', array['text', 'date'], 'it exists');
select volatility_is('marketing', 'open_export', array['text', 'date'], 'volatile', 'it is volatile');
select is_definer('marketing', 'open_export', array['text', 'date'], 'whose rights it has');
select function_privs_are('marketing', 'open_export', array['text', 'date'], 'marketing_app', '{}', 'applications do not call it');
select function_privs_are('marketing', 'open_export', array['text', 'date'], 'marketing_admin', '{EXECUTE}', 'operators do, or nobody');

set local datestyle = 'ISO';
set local role marketing_admin;
create temporary table opened on commit drop as select o.* from marketing.open_export('campaign_metrics', '2020-01-01') as o;
select is((select o.rows from opened as o), 2::bigint, 'rows');
reset role;
select is((select o.columns from opened as o), marketing._archive_columns('marketing.campaign_metrics'), 'columns');
select is(
  (select o.checksum from opened as o),
  (select r.checksum from marketing._rows_checksum('marketing.campaign_metrics_2020_01', marketing._archive_columns('marketing.campaign_metrics')) as r),
  'checksum'
);
select is((select o.exported_at from opened as o), '2026-02-10 00:00+00'::timestamptz, 'when');
create function pg_temp.fetch()
  returns setof text
  language plpgsql
as $$
declare
  v_lines refcursor := (select o.lines from pg_temp.opened as o);
  v_line  text;
begin
  loop
    fetch v_lines into v_line;
    exit when not found;
    return next v_line;
  end loop;
end;
$$;
select results_eq(
  $$ select split_part(f, e'\t', 2), (regexp_match(f, e'\t(12345678901234[.]500000|0[.]000001)\t'))[1] from pg_temp.fetch() as f $$,
  $$ values ('2020-01-02', '12345678901234.500000'), ('2020-01-31', '0.000001') $$, 'the lines, by day'
);
select throws_ok($$ select marketing.open_export('campaign_metrics', null) $$, 'MM004', 'p_date_from is null', 'which month');
select throws_ok($$ select marketing.open_export('x', '2020-01-01') $$, 'MM005', 'p_table x is not accepted: its rows are not archived', 'another table');
select throws_ok(
  $$ select marketing.open_export('campaign_daily', '2020-02-01') $$, 'MM150', 'campaign_daily has no partition that begins on 2020-02-01', 'no such month'
);
select throws_ok(
  'select pg_temp.archive()', 'MM158', 'the transaction is repeatable read, not read committed', 'what is removed is compared with what is there now'
);
insert into marketing.archives (
  table_name, partition_name, date_from, date_to, url, columns, rows, bytes, sha256, checksum, exported_at, removed_at
)
values ('campaign_metrics', 'campaign_metrics_2020_01', '2020-01-01', '2020-02-01', 'file:///x', '[{}]', 0, 1, sha256(''), 0, now(), now());
select throws_ok(
  $$ select marketing.open_export('campaign_metrics', '2020-01-01') $$, 'MM152', 'the rows of campaign_metrics from 2020-01-01 are in a file already',
  'what is in a file is not exported again'
);
select throws_ok('select marketing.restore_close(1)', 'MM158', 'the transaction is repeatable read, not read committed', 'nor restored so');
alter table marketing.campaign_daily add column note text;
select throws_ok(
  $$ select marketing.open_export('campaign_daily', '2020-01-01') $$, 'MM160', 'columns of type text are not archived', 'a column that is not archived'
);

select * from finish();
rollback;
