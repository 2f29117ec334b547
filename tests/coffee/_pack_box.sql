begin;
select plan(14);

select has_function('coffee', '_pack_box', array['coffee.coffee_subscriptions', 'coffee.plans', 'integer', 'integer', 'date', 'timestamp with time zone', 'jsonb']);
select volatility_is('coffee', '_pack_box', array['coffee.coffee_subscriptions', 'coffee.plans', 'integer', 'integer', 'date', 'timestamp with time zone', 'jsonb'], 'volatile');
select isnt_definer('coffee', '_pack_box', array['coffee.coffee_subscriptions', 'coffee.plans', 'integer', 'integer', 'date', 'timestamp with time zone', 'jsonb']);
select ok(not has_function_privilege('coffee_app', 'coffee._pack_box(coffee.coffee_subscriptions, coffee.plans, integer, integer, date, timestamptz, jsonb)', 'execute'), 'nobody may call it');

\ir boxes.psql

create temporary table s as
select
  pg_temp.subscriber(1, p.pick) as pick,
  pg_temp.subscriber(2, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c1"}, {"coffee_id": "d0000000-0000-0000-0000-0000000000c2"}]') as choice
from p;
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price)
select x.id, 0, 'extra', 'd0000000-0000-0000-0000-0000000000c3', '100g', 2, 9000 from s cross join lateral (values (s.pick), (s.choice)) as x (id);
create function pg_temp.pack(p_id uuid, p_box_no integer default 0, p_without text default '') returns text language sql as $$
  select string_agg(
    case when b.is_missing then '-' else '' end || coalesce(right(b.coffee_id::text, 2), '?') || '×' || b.quantity || case when b.is_extra then '+' else '' end
    || case when b.is_substitute then '~' else '' end, ' ' order by b.is_missing, b.is_extra, b.coffee_id)
  from coffee.coffee_subscriptions as s
  join coffee.plans as p on p.id = s.plan_id
  cross join lateral coffee._pack_box(s, p, 0, $2, '2026-11-01', platform.now(), (
    select jsonb_object_agg(i.coffee_id || i.unit, true) from coffee.coffee_inventory as i where right(i.coffee_id::text, 2) <> all (string_to_array($3, ' '))
  )) as b
  where s.id = $1
$$;
select coffee.receive_stock('d0000000-0000-0000-0000-0000000000c3', '100g', 100, '2026-10-26');
select is(pg_temp.pack(s.pick), 'c1×1 c4×1 c3×2+', 'the best of two roasters, and the extra, which is not picked again') from s;
select is(pg_temp.pack(s.pick, 1), 'c1×1 c3×1', 'the extra lies in the first box') from s;
select is(pg_temp.pack(s.choice), 'c1×1 c2×1 c3×2+', 'what was chosen') from s;
select is((select sum(i.reserved_stock) from coffee.coffee_inventory as i), 10::bigint, 'all of it is promised');
select is(pg_temp.pack(s.choice, 0, 'c1'), 'c2×1 c4×1~ c3×2+', 'a substitute, that is not in the box already') from s;
select is(pg_temp.pack(s.choice, 0, 'c3'), 'c1×1 c2×1 -c3×2+', 'an extra is not substituted') from s;
select is(pg_temp.pack(s.choice, 0, 'c1 c4'), 'c2×1 c3×2+ -c1×1', 'nothing to substitute it with') from s;
select is(pg_temp.pack(s.pick, 0, 'c1 c2 c4'), 'c3×2+ -?×2', 'too little to pick from') from s;
select is(pg_temp.pack(s.pick, 0, 'c1 c2 c3 c4'), '-?×2 -c3×2+', 'nothing') from s;
update coffee.plans set oos_policy = 'partial' where code = 't-choice';
select is(pg_temp.pack(s.choice, 0, 'c1'), 'c2×1 c3×2+ -c1×1', 'no substitutes where the plan has none') from s;

select * from finish();
rollback;
