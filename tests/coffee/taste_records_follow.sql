begin;
select plan(10);

select has_function('coffee', '_taste_records_follow', array[]::text[]);
select function_returns('coffee', '_taste_records_follow', array[]::text[], 'trigger');
select trigger_is('coffee', 'taste_records', 'taste_records_follow_update', 'coffee', '_taste_records_follow', 'on update');
select trigger_is('coffee', 'taste_records', 'taste_records_follow_delete', 'coffee', '_taste_records_follow', 'on delete');

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
create temporary table t as select x.* from pg_temp.taste(1, 1) as x;
select coffee.record_flavors(t.user_id, t.id, t.created_at, '{test_fruit}') from t;
select coffee.record_analysis(t.id, t.created_at, 'taste_match', '1') from t;

update coffee.taste_records set created_at = '2026-10-01 00:00+00', user_id = '00000000-0000-0000-0000-000000000002';
select is((select f.record_created_at from coffee.taste_record_flavors as f), '2026-10-01 00:00+00'::timestamptz, 'flavours go along');
select is((select f.user_id from coffee.taste_record_flavors as f), '00000000-0000-0000-0000-000000000002'::uuid, 'to whose record it is');
select is((select a.record_created_at from coffee.ai_analyses as a), '2026-10-01 00:00+00'::timestamptz, 'analyses, too');
select is_empty(
  $$select * from platform.check_invariants('coffee') as c where c.invariant like '%tastes%' and c.violations > 0$$, 'nothing refers to nothing'
);
delete from coffee.taste_records;
select is((select count(*) from coffee.taste_record_flavors), 0::bigint, 'and away');
select is((select count(*) from coffee.ai_analyses), 0::bigint, 'both of them');

select * from finish();
rollback;
