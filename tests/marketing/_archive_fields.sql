begin;
select plan(13);

select has_function('marketing', '_archive_fields', array['jsonb'], 'it exists');
select volatility_is('marketing', '_archive_fields', array['jsonb'], 'stable', 'it is stable');
select isnt_definer('marketing', '_archive_fields', array['jsonb'], 'whose rights it has');
select function_privs_are('marketing', '_archive_fields', array['jsonb'], 'marketing_app', '{}', 'applications do not call it');
select function_privs_are('marketing', '_archive_fields', array['jsonb'], 'marketing_admin', '{}', 'operators do, or nobody');

create table pg_temp.t (n numeric(20, 6), i bigint, d date, "T t" timestamptz, r tstzrange, b boolean);
create function pg_temp.line()
  returns text
  language plpgsql
  set datestyle = 'ISO, YMD'
as $$
declare
  v_line text;
begin
  execute format('select %s from pg_temp.t', marketing._archive_fields(marketing._archive_columns('pg_temp.t'))) into v_line;
  delete from pg_temp.t;
  return v_line;
end;
$$;

insert into pg_temp.t values (1.5, -3, '2026-01-31', '2026-01-31 23:59:59.123456+09', '[2026-01-01 00:00+00,2026-01-02 00:00+00]', true);
select is(
  pg_temp.line(),
  e'1.500000\t-3\t2026-01-31\t2026-01-31 14:59:59.123456Z\t2026-01-01 00:00:00.000000Z\t2026-01-02 00:00:00.000000Z\t[]\ttrue',
  'all digits, whatever the zone'
);
set local time zone 'Asia/Seoul';
set local datestyle = 'German';
insert into pg_temp.t values (null, null, null, null, null, null);
select is(pg_temp.line(), e'\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N', 'nulls');
insert into pg_temp.t values ('NaN', 9223372036854775807, '2024-02-29', '2026-01-31 23:59:59+09', '(2026-01-01 00:00+00,2026-01-02 00:00+00)', false);
select is(
  pg_temp.line(),
  e'NaN\t9223372036854775807\t2024-02-29\t2026-01-31 14:59:59.000000Z\t2026-01-01 00:00:00.000000Z\t2026-01-02 00:00:00.000000Z\t()\tfalse',
  'the same in any session'
);
insert into pg_temp.t (d, "T t", r) values ('infinity', 'infinity', 'empty');
select is(pg_temp.line(), e'\\N\t\\N\tinfinity\tinfinity\t\\N\t\\N\tempty\t\\N', 'what has no end is no null');
insert into pg_temp.t (d, "T t") values ('0044-03-15 BC', '0044-03-15 12:00+00 BC');
select matches(pg_temp.line(), e'\t0044-03-15 BC\t0044-03-15 .* BC\t', 'nor is a year before ours one of ours');
insert into pg_temp.t ("T t") values ('-infinity');
select is(pg_temp.line(), e'\\N\t\\N\t\\N\t-infinity\t\\N\t\\N\t\\N\t\\N', 'nor what has no beginning');

select is(marketing._archive_fields(null), null, 'nothing of nothing');
select throws_ok(
  $$ select marketing._archive_fields('[{"name": "a", "type": "bigint"}, {"name": "b", "type": "jsonb"}]') $$,
  'MM160', 'columns of type jsonb are not archived', 'a type that nobody has thought of'
);

select * from finish();
rollback;
