begin;
select plan(10);

select has_function('marketing', '_rows_checksum', array['regclass', 'jsonb'], 'it exists');
select volatility_is('marketing', '_rows_checksum', array['regclass', 'jsonb'], 'stable', 'it is stable');
select isnt_definer('marketing', '_rows_checksum', array['regclass', 'jsonb'], 'whose rights it has');
select function_privs_are('marketing', '_rows_checksum', array['regclass', 'jsonb'], 'marketing_app', '{}', 'applications do not call it');
select function_privs_are('marketing', '_rows_checksum', array['regclass', 'jsonb'], 'marketing_admin', '{}', 'operators do, or nobody');

create table pg_temp.t (a bigint, b numeric(6, 2));
create table pg_temp.child () inherits (pg_temp.t);
insert into pg_temp.child values (7, 7);
prepare tally as select r.rows, r.checksum from marketing._rows_checksum('pg_temp.t', marketing._archive_columns('pg_temp.t')) as r;

select results_eq('tally', 'values (0::bigint, 0::numeric)', 'nothing');
insert into pg_temp.t values (1, 2), (3, null);
select results_eq(
  'tally',
  $$
    select 2::bigint, sum(('x' || encode(substr(sha256(l.line), 1, 8), 'hex'))::bit(64)::bigint)
    from (values ('1'::bytea || '\x09' || '2.00'::bytea), ('3'::bytea || '\x09' || '\x5c4e')) as l (line)
  $$,
  'the sum of what is hashed of each line, without what inherits'
);
insert into pg_temp.t values (1, 2);
select results_eq(
  'tally',
  $$
    select 3::bigint, sum(('x' || encode(substr(sha256(l.line), 1, 8), 'hex'))::bit(64)::bigint)
    from (values ('1'::bytea || '\x09' || '2.00'::bytea), ('1'::bytea || '\x09' || '2.00'::bytea), ('3'::bytea || '\x09' || '\x5c4e')) as l (line)
  $$,
  'a row that is there twice counts twice'
);
select is(
  (select r.checksum from marketing._rows_checksum('pg_temp.t', '[{"name": "b", "type": "numeric(6,2)"}]') as r)
  = (select r.checksum from marketing._rows_checksum('pg_temp.t', '[{"name": "a", "type": "bigint"}]') as r),
  false, 'only the columns that are asked for'
);
set local datestyle = 'German';
create table pg_temp.d as select date '2026-01-31' as d;
select is(
  (select r.checksum from marketing._rows_checksum('pg_temp.d', '[{"name": "d", "type": "date"}]') as r),
  ('x' || encode(substr(sha256('2026-01-31'), 1, 8), 'hex'))::bit(64)::bigint::numeric, 'the same in any session'
);

select * from finish();
rollback;
