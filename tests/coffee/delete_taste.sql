begin;
select plan(10);

select has_function('coffee', 'delete_taste', array['uuid', 'uuid', 'timestamp with time zone']);
select function_returns('coffee', 'delete_taste', array['uuid', 'uuid', 'timestamp with time zone'], 'void');
select volatility_is('coffee', 'delete_taste', array['uuid', 'uuid', 'timestamp with time zone'], 'volatile');
select is_definer('coffee', 'delete_taste', array['uuid', 'uuid', 'timestamp with time zone']);
select ok(has_function_privilege('coffee_app', 'coffee.delete_taste(uuid, uuid, timestamp with time zone)', 'execute'), 'applications may call it');

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
select throws_ok(format('select coffee.delete_taste(%L, %L, %L)', '00000000-0000-0000-0000-000000000002', t.id, t.created_at), 'MF100', null, 'somebody else''s') from t;
select lives_ok('select coffee.delete_taste(t.user_id, t.id, t.created_at) from t', 'one''s own');
select is((select count(*) from coffee.taste_records), 0::bigint, 'it is gone');
select is((select u.taste_dna -> 'total_records' from coffee.users as u where u.id = '00000000-0000-0000-0000-000000000001'), '0', 'the DNA follows');
select throws_ok('select coffee.delete_taste(t.user_id, t.id, t.created_at) from t', 'MF100', null, 'twice');

select * from finish();
rollback;
