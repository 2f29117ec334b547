begin;
select plan(10);

select has_function('coffee', 'list_tastes', array['uuid', 'timestamp with time zone', 'uuid', 'integer']);
select function_returns('coffee', 'list_tastes', array['uuid', 'timestamp with time zone', 'uuid', 'integer'], 'setof record');
select volatility_is('coffee', 'list_tastes', array['uuid', 'timestamp with time zone', 'uuid', 'integer'], 'stable');
select is_definer('coffee', 'list_tastes', array['uuid', 'timestamp with time zone', 'uuid', 'integer']);
select ok(has_function_privilege('coffee_app', 'coffee.list_tastes(uuid, timestamp with time zone, uuid, integer)', 'execute'), 'applications may call it');

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

insert into coffee.flavors (id, code, name, name_ko, path) values (900001, 'test_fruit', 'Fruit', '과일', '{}');
create temporary table t as
select x.*
from generate_series(1, 7) as n
cross join lateral pg_temp.taste(1 + (n = 7)::integer, 1, null, ('2026-11-20 12:00+00'::timestamptz - n / 2 * interval '20 days')::text) as x;
select coffee.record_flavors(t.user_id, t.id, t.created_at, '{test_fruit}') from t where t.user_id = '00000000-0000-0000-0000-000000000001' order by t.created_at desc limit 1;

select results_eq(
  $$select l.record_id, l.coffee_id from coffee.list_tastes('00000000-0000-0000-0000-000000000001') as l$$,
  $$select t.id, t.coffee_id from t where t.user_id = '00000000-0000-0000-0000-000000000001' order by t.created_at desc, t.id desc$$, 'one''s own, newest first'
);
select results_eq(
  $$
    with recursive pages as (
      (select l.record_id, l.created_at from coffee.list_tastes('00000000-0000-0000-0000-000000000001', p_limit => 1) as l)
      union all
      select l.record_id, l.created_at
      from pages as p
      cross join lateral coffee.list_tastes('00000000-0000-0000-0000-000000000001', p.created_at, p.record_id, 1) as l
    )
    select p.record_id from pages as p
  $$,
  $$select t.id from t where t.user_id = '00000000-0000-0000-0000-000000000001' order by t.created_at desc, t.id desc$$, 'page by page, none twice, none left out'
);
select is((select sum(cardinality(l.flavors)) from coffee.list_tastes('00000000-0000-0000-0000-000000000001') as l), 1::bigint, 'with their flavours');
select is((select count(*) from coffee.list_tastes(gen_random_uuid())), 0::bigint, 'nobody has none');
select throws_ok($$select coffee.list_tastes('00000000-0000-0000-0000-000000000001', p_limit => 0)$$, 'MF002', null, 'a page of none');

select * from finish();
rollback;
