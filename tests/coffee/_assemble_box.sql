begin;
select plan(34);

select has_function('coffee', '_assemble_box', array['bigint', 'timestamp with time zone', 'jsonb']);
select function_returns('coffee', '_assemble_box', array['bigint', 'timestamp with time zone', 'jsonb'], 'text');
select volatility_is('coffee', '_assemble_box', array['bigint', 'timestamp with time zone', 'jsonb'], 'volatile');
select isnt_definer('coffee', '_assemble_box', array['bigint', 'timestamp with time zone', 'jsonb']);
select ok(not has_function_privilege('coffee_app', 'coffee._assemble_box(bigint, timestamptz, jsonb)', 'execute'), 'nobody may call it');

\ir boxes.psql

create temporary table s as
select
  pg_temp.subscriber(1, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c1"}, {"coffee_id": "d0000000-0000-0000-0000-0000000000c2"}]') as a,
  pg_temp.subscriber(2, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c1", "quantity": 2}]') as b,
  pg_temp.subscriber(3, p.pick) as c,
  pg_temp.subscriber(4, p.pick) as d
from p;
create function pg_temp.assemble(p_subscription_id uuid, p_index integer, p_without text default '') returns text language plpgsql as $$
declare
  v_period_id bigint := pg_temp.bill(p_subscription_id, p_index);
begin
  return (select string_agg(coffee._assemble_box(j.id, platform.now(), (
    select jsonb_object_agg(i.coffee_id || i.unit, true) from coffee.coffee_inventory as i where right(i.coffee_id::text, 2) <> all (string_to_array($3, ' '))
  )), ' ' order by j.id)
  from coffee.monthly_order_jobs as j
  where j.period_id = v_period_id);
end;
$$;
create function pg_temp.last_box() returns text language sql as $$
  select pg_temp.box(o.period_id) || ' ' || o.total_price || ' ' || o.credit || ' ' || b.status
  from coffee.subscription_orders as o join coffee.billing_jobs as b on b.period_id = o.period_id
  order by o.order_number desc limit 1
$$;
select is(pg_temp.assemble(s.a, 0), 'done', 'a box') from s;
select is(pg_temp.last_box(), 'c1×1 c2×1 28001.00 0.00 pending', 'at its price');
select is(pg_temp.assemble(s.a, 1, 'c1'), 'done', 'with a substitute') from s;
select is(pg_temp.last_box(), 'c2×1 c3×1~ 28001.00 0.00 pending', 'at the same price');

update coffee.plans set oos_policy = 'partial';
select is(pg_temp.assemble(s.a, 2, 'c1'), 'done', 'half of it') from s;
select is(pg_temp.last_box(), 'c2×1 14001.00 14000.00 pending', 'the other half will be credited, to the won');
select coffee._pay_order(o.period_id) from coffee.subscription_orders as o where o.credit > 0;
select is((select t.credit_balance from coffee.coffee_subscriptions as t join s on s.a = t.id), 14000.00, 'when it is paid');
select is(pg_temp.assemble(s.a, 3, 'c1 c2'), 'delayed', 'nothing of it') from s;

update coffee.plans set oos_policy = 'delay';
select is(pg_temp.assemble(s.a, 4, 'c2'), 'delayed', 'where it shall be complete') from s;
select is((select sum(i.reserved_stock) from coffee.coffee_inventory as i), 5::bigint, 'the half that was there is not kept from others');

update coffee.plans set oos_policy = 'skip';
select is(pg_temp.assemble(s.a, 5, 'c2'), 'skipped', 'where it is complete or not at all') from s;
select is((select string_agg(b.status, ' ') from coffee.billing_jobs as b join coffee.billing_periods as p on p.id = b.period_id where p.period_index = 5), 'cancelled', 'and nobody pays');

insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price)
select s.a, i, 'extra', 'd0000000-0000-0000-0000-0000000000c4', '100g', 2, 9000 from s, generate_series(6, 7) as i;
update coffee.plans set oos_policy = 'substitute';
select is(pg_temp.assemble(s.a, 6), 'done', 'with an extra') from s;
select is(pg_temp.last_box(), 'c1×1 c2×1 c4×2+ 46001.00 0.00 pending', 'which is paid for');
select is(pg_temp.assemble(s.a, 7, 'c4'), 'done', 'without it') from s;
select is(pg_temp.last_box(), 'c1×1 c2×1 28001.00 18000.00 pending', 'the bill asks for it, and it will be credited');

-- a box whose data are broken
create function pg_temp.break() returns trigger language plpgsql as $$
begin
  if new.unit_price > 15003 then
    perform 1 / 0;
  elsif new.unit_price = 15003 then
    raise 'broken';
  end if;
  return new;
end;
$$;
create trigger broken before insert on coffee.order_items for each row execute function pg_temp.break();
create temporary table before as select sum(i.reserved_stock) as reserved, (select count(*) from coffee.stock_movements) as movements from coffee.coffee_inventory as i;
insert into coffee.subscription_items (subscription_id, valid_from, coffee_id, unit, quantity)
select s.b, 1, 'd0000000-0000-0000-0000-0000000000c4', '100g', 2 from s;
select is(pg_temp.assemble(s.b, 1), 'delayed', 'an error is this box''s own') from s;
select results_eq(
  'select j.attempts, j.last_error, j.run_at from coffee.monthly_order_jobs as j join coffee.billing_periods as p on p.id = j.period_id join s on s.b = p.subscription_id',
  $$values (1, '22012 division by zero', platform.now() + interval '1 hour')$$, 'written down, and tried again'
);
select results_eq(
  'select sum(i.reserved_stock), (select count(*) from coffee.stock_movements) from coffee.coffee_inventory as i', 'select * from before',
  'what it had taken, it has given back'
);
select is((select count(*) from coffee.subscription_orders as o join s on s.b = o.subscription_id), 0::bigint, 'there is no order');
select is(pg_temp.assemble(s.b, 2, 'c4'), 'done', 'another box is packed') from s;

insert into coffee.subscription_items (subscription_id, valid_from, coffee_id, unit, quantity)
select s.b, 3, 'd0000000-0000-0000-0000-0000000000c3', '100g', 2 from s;
select is(pg_temp.assemble(s.b, 3), 'delayed', 'whatever the error') from s;
select is(
  (select j.last_error from coffee.monthly_order_jobs as j join coffee.billing_periods as p on p.id = j.period_id join s on s.b = p.subscription_id and p.period_index = 3),
  'P0001 broken', 'is written down'
);
-- who wants none any more, and who has paid
drop trigger broken on coffee.order_items;
select is((select pg_temp.bill(s.d, 0, 2) > 0 from s), true, 'a period of two boxes');
select is(coffee.assemble_boxes(), 1, 'the first');
select is(pg_temp.pay() > 0, true, 'is paid, and so is the second');
update coffee.coffee_subscriptions as t set status = 'cancelled', cancelled_at = platform.now() from s where t.id in (s.c, s.d);
select is(pg_temp.assemble(s.c, 0), 'cancelled', 'cancelled, and not paid') from s;
set local moadb.now = '2026-12-01 09:00+09';
select is(coffee.assemble_boxes() > 0, true, 'cancelled, but paid: the box is owed');
select is((select string_agg(o.status, ' ') from coffee.subscription_orders as o join s on s.d = o.subscription_id), 'paid paid', 'and may leave');

select * from finish();
rollback;
