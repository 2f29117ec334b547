begin;
select plan(14);

select has_function('coffee', 'record_flavors', array['uuid', 'uuid', 'timestamp with time zone', 'text[]']);
select function_returns('coffee', 'record_flavors', array['uuid', 'uuid', 'timestamp with time zone', 'text[]'], 'integer');
select volatility_is('coffee', 'record_flavors', array['uuid', 'uuid', 'timestamp with time zone', 'text[]'], 'volatile');
select is_definer('coffee', 'record_flavors', array['uuid', 'uuid', 'timestamp with time zone', 'text[]']);
select ok(has_function_privilege('coffee_app', 'coffee.record_flavors(uuid, uuid, timestamp with time zone, text[])', 'execute'), 'applications may call it');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values
  ('00000000-0000-0000-0000-0000000000a1', 'Roaster'),
  ('00000000-0000-0000-0000-0000000000a2', 'Another');
insert into coffee.coffees (id, name, roaster_id, origin_country, available_for_subscription, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'One', '00000000-0000-0000-0000-0000000000a1', 'Kenya', true, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Two', '00000000-0000-0000-0000-0000000000a1', 'Kenya', true, 18000),
  ('00000000-0000-0000-0000-0000000000c3', 'Three', '00000000-0000-0000-0000-0000000000a2', 'Peru', true, 18000);
insert into coffee.users (id, email) values
  ('00000000-0000-0000-0000-000000000001', 'a@example.com'),
  ('00000000-0000-0000-0000-000000000002', 'b@example.com');
create function pg_temp.taste(
  p_user integer, p_coffee integer, p_vector extensions.vector default null, p_at text default '2026-11-20 12:00+00'
) returns coffee.taste_records language sql as $$
  insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, taste_vector, created_at)
  values (
    ('00000000-0000-0000-0000-00000000000' || $1)::uuid, ('00000000-0000-0000-0000-0000000000c' || $2)::uuid, 'lab', '{"acidity": 5}', $3,
    $4::timestamptz
  )
  returning *
$$;
insert into coffee.flavors (id, code, name, name_ko, parent_id, path) values (900001, 'test_fruit', 'Fruit', '과일', null, '{}');
insert into coffee.flavors (id, code, name, name_ko, parent_id, path) values (900002, 'test_berry', 'Berry', '베리', 900001, '{}');
insert into coffee.flavors (id, code, name, name_ko, parent_id, path) values
  (900003, 'test_blueberry', 'Blueberry', '블루베리', 900002, '{}'), (900004, 'test_nut', 'Nut', '견과', null, '{}');

create temporary table t as select x.* from pg_temp.taste(1, 1) as x;
select is(
  coffee.record_flavors(t.user_id, t.id, t.created_at, array['test_berry', 'test_nut', 'test_berry']), 2, 'two flavours, one said twice'
) from t;
select is(coffee.record_flavors(t.user_id, t.id, t.created_at, array['test_nut', 'test_fruit']), 2, 'others instead') from t;
select results_eq(
  'select f.flavor_id, f.user_id from coffee.taste_record_flavors as f join t on t.id = f.record_id order by 1',
  $$
    values (900001::bigint, '00000000-0000-0000-0000-000000000001'::uuid),
      (900004::bigint, '00000000-0000-0000-0000-000000000001'::uuid)
  $$,
  'replace them'
);
select throws_ok(
  'select coffee.record_flavors(''00000000-0000-0000-0000-000000000002'', t.id, t.created_at, ''{}'') from t', 'MF100', null,
  'somebody else''s record'
);
select throws_ok('select coffee.record_flavors(null, t.id, t.created_at, ''{}'') from t', 'MF100', null, 'nobody''s');
select throws_ok('select coffee.record_flavors(t.user_id, t.id, t.created_at, ''{x}'') from t', 'MF102', null, 'no such flavour');
select throws_ok('select coffee.record_flavors(t.user_id, t.id, t.created_at, null) from t', 'MF001', null, 'none given');
select is(coffee.record_flavors(t.user_id, t.id, t.created_at, '{}'), 0, 'none found') from t;
select is((select count(*) from coffee.taste_record_flavors as f join t on t.id = f.record_id), 0::bigint, 'none kept');

select * from finish();
rollback;
