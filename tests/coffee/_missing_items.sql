begin;
select plan(8);

select has_function('coffee', '_missing_items', array['bigint', 'bigint[]']);
select volatility_is('coffee', '_missing_items', array['bigint', 'bigint[]'], 'stable');
select isnt_definer('coffee', '_missing_items', array['bigint', 'bigint[]']);
select ok(not has_function_privilege('coffee_app', 'coffee._missing_items(bigint, bigint[])', 'execute'), 'nobody may call it');

\ir shop.psql
set local moadb.now = '2031-01-31 09:00+09';
insert into coffee.plans (id, code, name, type, price_per_month, items_per_box, oos_policy)
values
  (-8, 'shop-few', 'Few', 'my_choice', 10000, 5, 'substitute'), (-9, 'shop-delay', 'Delay', 'monthly_pick', 10000, 3, 'delay'),
  (-10, 'shop-skip', 'Skip', 'my_choice', 10000, 5, 'skip');
create temporary table s as
select
  coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -9, '{"street": "1"}') as delayed,
  coffee.subscribe(
    'f0000000-0000-0000-0000-0000000000a2', -8, '{"street": "1"}',
    p_items => '[{"coffee_id": "f0000000-0000-0000-0000-0000000000c8", "quantity": 2}, {"coffee_id": "f0000000-0000-0000-0000-0000000000c9"}]'
  ) as substituted,
  coffee.subscribe(
    'f0000000-0000-0000-0000-0000000000a3', -10, '{"street": "1"}',
    p_items => '[{"coffee_id": "f0000000-0000-0000-0000-0000000000c7", "quantity": 4}]'
  ) as skipped;
update coffee.coffee_inventory set is_available = false where coffee_id::text ~ '^f0000000.*c[2-8]$';
select coffee.process_monthly_billing();
create temporary table open as select array_agg(j.id) as jobs from coffee.monthly_order_jobs as j where j.status = 'pending';
select is_empty('select m.* from open as o cross join lateral coffee._missing_items(0, o.jobs) as m', 'nothing was to be packed yet');
select coffee.assemble_boxes();
select results_eq(
  'select m.month, m.coffee_id, m.unit, m.quantity from coffee._missing_items(0, null) as m where m.coffee_id is not null order by 2',
  $$
    values
      ('2031-01-01'::date, 'f0000000-0000-0000-0000-0000000000c7'::uuid, '100g', 4::bigint),
      ('2031-01-01', 'f0000000-0000-0000-0000-0000000000c8', '100g', 2)
  $$, 'what was chosen and skipped, or substituted; not what is there'
);
update coffee.coffee_inventory set is_available = false where coffee_id::text like 'f0000000%';
select is_empty('select m.* from coffee._missing_items(9223372036854775807, null) as m', 'of no other requests');
select set_eq(
  'select m.quantity from open as o cross join lateral coffee._missing_items(9223372036854775807, o.jobs) as m',
  'select m.quantity from coffee._missing_items(0, null) as m', 'or of those that are named'
);

select * from finish();
rollback;
