begin;
select plan(13);

select has_function('coffee', 'taste_dna_at', array['uuid', 'timestamp with time zone']);
select function_returns('coffee', 'taste_dna_at', array['uuid', 'timestamp with time zone'], 'jsonb');
select volatility_is('coffee', 'taste_dna_at', array['uuid', 'timestamp with time zone'], 'stable');
select is_definer('coffee', 'taste_dna_at', array['uuid', 'timestamp with time zone']);
select ok(has_function_privilege('coffee_app', 'coffee.taste_dna_at(uuid, timestamp with time zone)', 'execute'), 'applications may call it');

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

select pg_temp.taste(1, 1);
set local moadb.now = '2026-11-21 12:00+00';
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, created_at)
values ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '{"acidity": 9}', platform.now());
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, created_at)
values ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '{"acidity": 1}', platform.now());

select is(coffee.taste_dna_at('00000000-0000-0000-0000-000000000001', '2026-11-20 11:59+00'), '{}', 'before the first');
select is(
  coffee.taste_dna_at('00000000-0000-0000-0000-000000000001', '2026-11-20 12:00+00') -> 'acidity_preference', '5', 'when it began'
);
select is(coffee.taste_dna_at('00000000-0000-0000-0000-000000000001', '2026-11-21 11:59+00') -> 'acidity_preference', '5', 'until the next');
select is(
  coffee.taste_dna_at('00000000-0000-0000-0000-000000000001', '2026-11-21 12:00+00') -> 'acidity_preference', '5',
  'of two at the same time the second, (5 + 9 + 1) / 3'
);
select is(
  coffee.taste_dna_at('00000000-0000-0000-0000-000000000001', 'infinity'),
  (select u.taste_dna from coffee.users as u where u.id = '00000000-0000-0000-0000-000000000001'), 'now'
);
set local moadb.now = '2026-11-01 12:00+00';
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, created_at)
values ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '{"acidity": 1}', platform.now());
select is(
  coffee.taste_dna_at('00000000-0000-0000-0000-000000000001', 'infinity') -> 'total_records', '4',
  'a clock that is set back does not bring versions out of order'
);
select throws_ok('select coffee.taste_dna_at(gen_random_uuid(), now())', 'MF140', null, 'nobody');
select throws_ok('select coffee.taste_dna_at(''00000000-0000-0000-0000-000000000001'', null)', 'MF001', 'p_at is null', 'no time');

select * from finish();
rollback;
