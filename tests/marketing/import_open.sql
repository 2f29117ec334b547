begin;
select plan(20);

select has_function('marketing', 'import_open', array['text', 'bytea', 'timestamp with time zone', 'text', 'text', 'integer']);
select function_returns('marketing', 'import_open', array['text', 'bytea', 'timestamp with time zone', 'text', 'text', 'integer'], 'setof record');
select volatility_is('marketing', 'import_open', array['text', 'bytea', 'timestamp with time zone', 'text', 'text', 'integer'], 'volatile');
select is_definer('marketing', 'import_open', array['text', 'bytea', 'timestamp with time zone', 'text', 'text', 'integer']);
select ok(not has_function_privilege('marketing_app', 'marketing.import_open(text, bytea, timestamp with time zone, text, text, integer)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('marketing_admin', 'marketing.import_open(text, bytea, timestamp with time zone, text, text, integer)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.import_open(text, bytea, timestamp with time zone, text, text, integer)', 'execute'), 'readers may not');

\ir team.psql

set local moadb.now = '2026-11-21 00:00+00';
\ir staged.psql
select results_eq(
  'select i.source, i.status::text, i.snapshot_at from marketing.import_progress(' || :import || ') as p join (values (1)) as o on true cross join lateral (select ''export.csv'', ''open'', ''2026-11-20 00:00+00''::timestamptz) as i (source, status, snapshot_at) limit 1',
  $$ values ('export.csv', 'open', '2026-11-20 00:00+00'::timestamptz) $$, 'it is there'
);
reset role;
select is((select i.snapshot_at from marketing.imports as i where i.id = :import), '2026-11-20 00:00+00'::timestamptz, 'as of when its rows are');
select is((select c.relpersistence::text || pg_get_userbyid(c.relowner) from pg_class as c where c.oid = :'staging'::regclass), 'umoadb_owner', 'an unlogged table of the owner');
select ok(not has_table_privilege('marketing_app', :'staging', 'select, insert'), 'that applications have no right on');
select ok(not has_table_privilege('marketing_admin', :'staging', 'select, update, delete'), 'and operators only fill');
set local role marketing_admin;
select i.import_id as other from marketing.import_open('other.csv', sha256('other')) as i \gset
select i.import_id as again from marketing.import_open('export.csv', sha256('file')) as i \gset
reset role;
select results_eq(
  format('select i.id, i.status::text, i.snapshot_at, to_regclass(''marketing._import_'' || i.id) is not null from marketing.imports as i where i.id in (%s, %s, %s) order by 1', :import, :other, :again),
  format($$ values (%s::bigint, 'abandoned', '2026-11-20 00:00+00'::timestamptz, false), (%s, 'open', '2026-11-21 00:00+00', true), (%s, 'open', '2026-11-21 00:00+00', true) $$, :import, :other, :again),
  'the same file again ends what was left of it, and nothing else'
);
set local role marketing_admin;
select throws_ok($$ select marketing.import_open(null, sha256('')) $$, 'MM004', null, 'no file');
select throws_ok($$ select marketing.import_open('x', null) $$, 'MM004', null, 'no digest');
select throws_ok($$ select marketing.import_open('x', sha256(''), '-infinity') $$, 'MM005', null, 'of never');
select lives_ok($$ select marketing.import_open('tomorrow', sha256('tomorrow'), '2026-11-22') $$, 'of tomorrow');
select throws_ok($$ select marketing.import_open('x', sha256(''), null, 'a', 'b', -1) $$, 'MM005', null, 'fewer than no columns');
reset role;
select is((select i.snapshot_at from marketing.imports as i where i.source = 'tomorrow'), '2026-11-21 00:00+00'::timestamptz, 'is of now');
set local role marketing_admin;
select i.table_name as spare from marketing.import_open('spare.csv', sha256('spare'), null, 'meta_ads', 'act''1', 2) as i \gset
insert into :spare (spare_1, campaign, date, spare_2, cost) values ('x', 'c', '2026-11-01', 'y', 5);
reset role;
select results_eq(
  'select s.platform, s.account, s.cost, s.clicks, s.line from ' || :'spare' || ' as s', $$ values ('meta_ads', 'act''1', 5.000000, 0::bigint, null::bigint) $$, 'lines as they are'
);

select * from finish();
rollback;
