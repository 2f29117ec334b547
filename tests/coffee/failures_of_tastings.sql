-- How taste records have failed elsewhere. Numbers as in tests/catalog/test_failure_modes_listed.py.
begin;
select plan(24);
\ir shop.psql

create function pg_temp.vec(p_first double precision, p_second double precision)
  returns extensions.vector
  language sql
  return ('[' || p_first || ',' || p_second || repeat(',0', 126) || ']')::extensions.vector;
create function pg_temp.dna() returns jsonb language sql as $$
  select u.taste_dna from coffee.users as u where u.id = 'f0000000-0000-0000-0000-0000000000a1'
$$;
create function pg_temp.add(p_at text, p_layers jsonb, p_vector extensions.vector default null) returns void language sql as $$
  insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, taste_vector, created_at)
  values ('f0000000-0000-0000-0000-0000000000a1', 'f0000000-0000-0000-0000-0000000000c1', 'lab', $2, $3, $1::timestamptz)
$$;

-- T12: back-dated, malformed and bulk records
set local moadb.now = '2031-06-15 12:00+00';
update coffee.users set taste_dna = '{"favourite": "natural"}' where id = 'f0000000-0000-0000-0000-0000000000a1';
select pg_temp.add('2031-06-14 12:00+00', '{"acidity": 4, "sweetness": 6, "body": 2}');
select is((pg_temp.dna() ->> 'acidity_preference')::numeric, 4.0, 'T12: the first record');
select is(pg_temp.dna() ->> 'favourite', 'natural', 'T12: other keys stay');
select pg_temp.add('2031-06-14 13:00+00', '{"acidity": 8, "sweetness": 6}');
select is((pg_temp.dna() ->> 'acidity_preference')::numeric, 6.0, 'T12: the mean');
select is((pg_temp.dna() ->> 'body_preference')::numeric, 2.0, 'T12: of those that say something of it');
create temporary table v as select pg_temp.dna() as dna;
select lives_ok($$select pg_temp.add('2029-01-01 12:00+00', '{"acidity": 1}')$$, 'T12: a record of two years ago');
select is(pg_temp.dna() -> 'acidity_preference', v.dna -> 'acidity_preference', 'T12: is not of the last three months') from v;
select is((pg_temp.dna() ->> 'total_records')::integer, 2, 'T12: and not counted among them');
select lives_ok($$select pg_temp.add('2031-05-01 12:00+00', '{"acidity": 3}')$$, 'T12: back-dated within the three months');
select is((pg_temp.dna() ->> 'acidity_preference')::numeric, 5.0, 'T12: counts');
select lives_ok($$select pg_temp.add('2031-06-15 10:00+00', '{"acidity": "sour", "sweetness": null, "body": [1]}')$$, 'T12: words for numbers');
select lives_ok($$select pg_temp.add('2031-06-15 10:00+00', '{}')$$, 'T12: or nothing at all');
select is((pg_temp.dna() ->> 'acidity_preference')::numeric, 5.0, 'T12: leave what is known');
select lives_ok(
  $$
    insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, created_at)
    select 'f0000000-0000-0000-0000-0000000000a1', 'f0000000-0000-0000-0000-0000000000c1', 'cafe', '{"acidity": 7}',
      '2031-06-01 00:00+00'::timestamptz + n * interval '1 hour'
    from generate_series(1, 97) as n
  $$, 'T12: a hundred in one statement'
);
select is(
  round((pg_temp.dna() ->> 'acidity_preference')::numeric, 2), round((4 + 8 + 3 + 97 * 7) / 100.0, 2), 'T12: count as one by one'
);
delete from coffee.taste_records where user_id = 'f0000000-0000-0000-0000-0000000000a1' and mode = 'cafe';
select is((pg_temp.dna() ->> 'acidity_preference')::numeric, 5.0, 'T12: what is deleted does not count');
select results_eq(
  $$
    select count(*), count(distinct d.version)
    from coffee.taste_dna_versions as d where d.user_id = 'f0000000-0000-0000-0000-0000000000a1'
    having count(*) > 4 and max(d.version) = (select u.taste_dna_version from coffee.users as u where u.id = 'f0000000-0000-0000-0000-0000000000a1')
  $$,
  $$
    select count(*), count(*)
    from coffee.taste_dna_versions as d where d.user_id = 'f0000000-0000-0000-0000-0000000000a1'
  $$, 'T12: each version is kept once'
);

-- T13: a vector of zeros has no direction; a filter still finds as many as were asked for
select lives_ok($$select pg_temp.add('2031-06-15 11:00+00', '{"acidity": 5}', pg_temp.vec(0, 0))$$, 'T13: a vector of zeros is taken');
select pg_temp.add('2031-06-15 11:01+00', '{"acidity": 5}', pg_temp.vec(1, 0));
select is(pg_temp.dna() ->> 'acidity_preference' = 'NaN', false, 'T13: and spoils nothing');
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, taste_vector, created_at)
select
  ('f0000000-0000-0000-0000-0000000000a' || 2 + n % 2)::uuid, ('f0000000-0000-0000-0000-0000000000c' || n % 10)::uuid, 'lab', '{}',
  case when n % 7 = 0 then pg_temp.vec(0, 0) else pg_temp.vec(cos(n), sin(n)) end, '2031-06-01 00:00+00'::timestamptz + n * interval '1 minute'
from generate_series(1, 500) as n;
select is(
  (select count(*) from coffee.recommend('f0000000-0000-0000-0000-0000000000a1', 5)), 5::bigint, 'T13: five recommendations are five'
);
select is_empty(
  $$select r.* from coffee.recommend('f0000000-0000-0000-0000-0000000000a1', 5) as r where to_jsonb(r)::text like '%NaN%'$$,
  'T13: none of them without a score'
);

-- T15: the month's partition is missing: the record is kept, the alarm shows, maintenance heals it
do $$
declare
  v_partition text;
begin
  for v_partition in
    select c.oid::regclass
    from pg_inherits as i
    join pg_class as c on c.oid = i.inhrelid
    where i.inhparent = 'coffee.taste_records'::regclass and pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
  loop
    execute format('alter table coffee.taste_records detach partition %s', v_partition);
    execute format('drop table %s', v_partition);
  end loop;
end;
$$;
set local moadb.now to default;
select lives_ok(
  $$
    insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, created_at)
    values ('f0000000-0000-0000-0000-0000000000a3', 'f0000000-0000-0000-0000-0000000000c1', 'lab', '{"acidity": 9}', now())
  $$, 'T15: no month has a partition: the record is kept'
);
select isnt_empty(
  $$select from platform.find_partition_problems() as p where p.table_name = 'taste_records' and p.severity in ('warning', 'error')$$,
  'T15: the alarm shows'
);
select platform.maintain_partitions('coffee.taste_records');
select is(
  (
    select count(*) from coffee.taste_records as t
    where t.user_id = 'f0000000-0000-0000-0000-0000000000a3' and t.tableoid <> 'coffee.taste_records_default'::regclass
      and t.created_at = now()
  ), 1::bigint, 'T15: maintenance puts it where it belongs'
);
select is(
  (
    select (u.taste_dna ->> 'acidity_preference')::numeric from coffee.users as u where u.id = 'f0000000-0000-0000-0000-0000000000a3'
  ), 9.0, 'T15: and it has counted all the time'
);

select * from finish();
rollback;
