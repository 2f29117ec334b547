begin;
select plan(5);

select trigger_is('coffee', 'taste_records', 'taste_records_keep_id', 'coffee', '_keep_rows', 'another id');
select trigger_is('coffee', 'taste_records', 'taste_records_keep_all', 'coffee', '_keep_rows', 'truncate');

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

create temporary table t as select x.* from pg_temp.taste(1, 1) as x;
select throws_ok(
  'update coffee.taste_records set id = gen_random_uuid()', 'MF003', null, 'another id'
);
select throws_ok('truncate coffee.taste_records', 'MF003', 'truncate on coffee.taste_records is refused', 'all of them');
select lives_ok('update coffee.taste_records set id = id', 'the same id');

select * from finish();
rollback;
