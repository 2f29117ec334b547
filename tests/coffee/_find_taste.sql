begin;
select plan(10);

select has_function('coffee', '_find_taste', array['uuid', 'timestamp with time zone', 'uuid']);
select function_returns('coffee', '_find_taste', array['uuid', 'timestamp with time zone', 'uuid'], 'coffee.taste_records');
select volatility_is('coffee', '_find_taste', array['uuid', 'timestamp with time zone', 'uuid'], 'volatile');
select isnt_definer('coffee', '_find_taste', array['uuid', 'timestamp with time zone', 'uuid']);
select ok(not has_function_privilege('coffee_app', 'coffee._find_taste(uuid, timestamp with time zone, uuid)', 'execute'), 'nobody may call it');

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
select is((coffee._find_taste(t.id, t.created_at)).coffee_id, '00000000-0000-0000-0000-0000000000c1'::uuid, 'anybody''s') from t;
select is((coffee._find_taste(t.id, t.created_at, t.user_id)).id, t.id, 'one''s own') from t;
select throws_ok(
  'select coffee._find_taste(t.id, t.created_at, ''00000000-0000-0000-0000-000000000002'') from t', 'MF100', null, 'somebody else''s'
);
select throws_ok('select coffee._find_taste(t.id, t.created_at + interval ''1 second'') from t', 'MF100', null, 'another time');
select throws_ok('select coffee._find_taste(null, t.created_at) from t', 'MF100', null, 'none');

select * from finish();
rollback;
