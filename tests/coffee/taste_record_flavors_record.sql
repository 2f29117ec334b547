begin;
select plan(6);

select has_function('coffee', '_taste_record_flavors_record', array[]::text[]);
select function_returns('coffee', '_taste_record_flavors_record', array[]::text[], 'trigger');
select trigger_is(
  'coffee', 'taste_record_flavors', 'taste_record_flavors_record', 'coffee', '_taste_record_flavors_record', 'before'
);

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
insert into coffee.taste_record_flavors (record_id, record_created_at, flavor_id, user_id)
select t.id, t.created_at, 900001, '00000000-0000-0000-0000-000000000002' from t;
select is(
  (select f.user_id from coffee.taste_record_flavors as f), '00000000-0000-0000-0000-000000000001'::uuid, 'the user is the record''s'
);
select throws_ok(
  $$
    insert into coffee.taste_record_flavors (record_id, record_created_at, flavor_id, user_id)
    values (gen_random_uuid(), now(), 900001, '00000000-0000-0000-0000-000000000001')
  $$,
  'MF100', null, 'of no record'
);
select throws_ok('update coffee.taste_record_flavors set record_created_at = now()', 'MF100', null, 'nor moved there');

select * from finish();
rollback;
