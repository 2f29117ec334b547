begin;
select plan(24);

select has_function('coffee', '_pick_coffees', array['uuid', 'text', 'date', 'timestamp with time zone', 'integer', 'uuid[]', 'uuid', 'integer']);
select volatility_is('coffee', '_pick_coffees', array['uuid', 'text', 'date', 'timestamp with time zone', 'integer', 'uuid[]', 'uuid', 'integer'], 'volatile');
select isnt_definer('coffee', '_pick_coffees', array['uuid', 'text', 'date', 'timestamp with time zone', 'integer', 'uuid[]', 'uuid', 'integer']);
select ok(not has_function_privilege('coffee_app', 'coffee._pick_coffees(uuid, text, date, timestamptz, integer, uuid[], uuid, integer)', 'execute'), 'nobody may call it');

\ir boxes.psql

create function pg_temp.picked(p_month date, p_months integer default 3, p_excluded uuid[] default '{}') returns text language sql as $$
  select string_agg(right(c.coffee_id::text, 2), ' ' order by c.place)
  from coffee._pick_coffees('d0000000-0000-0000-0000-000000000001', '100g', $1, platform.now(), $2, $3) as c
$$;
select is(pg_temp.picked('2026-11-01'), 'c1 c3 c2 c4', 'each roaster''s best before anybody''s second');
select is(pg_temp.picked('2026-11-01', 3, '{d0000000-0000-0000-0000-0000000000c1}'), 'c2 c3 c4', 'without what is not wanted');
select pg_temp.bill(pg_temp.subscriber(1, p.pick)) from p;
select coffee.assemble_boxes();
select is(pg_temp.picked('2026-11-01'), 'c2 c4', 'not twice in a month');
select is(pg_temp.picked('2027-02-01'), 'c2 c4', 'nor within three months');
select is(pg_temp.picked('2026-08-01'), 'c2 c4', 'also when the older box comes later');
select is(pg_temp.picked('2027-03-01'), 'c1 c3 c2 c4', 'but after them');
select is(pg_temp.picked('2026-12-01', 0), 'c1 c3 c2 c4', 'unless repeats are welcome');
select is(pg_temp.picked('2026-12-01', 1), 'c2 c4', 'one month');
select is(pg_temp.picked('2027-01-01', 1), 'c1 c3 c2 c4', 'is one month');

update coffee.roasters set monthly_quota = 1 where id = 'd0000000-0000-0000-0000-0000000000a2';
select is(pg_temp.picked('2026-11-01', 0), 'c1 c2', 'a roaster whose quota is used up');
update coffee.coffees set available_for_subscription = false where id = 'd0000000-0000-0000-0000-0000000000c1';
select is(pg_temp.picked('2026-11-01', 0), 'c2', 'a coffee that is not offered any more');
update coffee.coffee_inventory set is_available = false where coffee_id = 'd0000000-0000-0000-0000-0000000000c2';
select is(pg_temp.picked('2026-11-01', 0), null, 'or that is held back');

update coffee.roasters set monthly_quota = null;
update coffee.coffees set available_for_subscription = true;
update coffee.coffee_inventory set is_available = true;
-- by chance among the best: whatever the session does about chance, and the better the likelier
create function pg_temp.drawn(p_from integer) returns text language sql as $$
  select setseed(0.5);
  select string_agg(right(c.coffee_id::text, 2), ' ' order by c.place)
  from coffee._pick_coffees('d0000000-0000-0000-0000-000000000002', '100g', '2026-11-01', platform.now(), 3, '{}', null, $1) as c
$$;
create temporary table draws as
select n.places, d.drawn
from (values (2), (4)) as n (places) cross join generate_series(1, 300) as t (n) cross join lateral (select pg_temp.drawn(n.places + 0 * t.n) as drawn) as d;
select set_eq('select distinct drawn from draws where places = 2', array['c1 c3 c2 c4', 'c3 c1 c2 c4'], 'the two best in any order, then the rest');
select results_eq('select distinct left(drawn, 2) from draws where places = 4 order by 1', array['c1', 'c2', 'c3', 'c4'], 'any of four may be the first');
select is_empty('select from draws where left(drawn, 5) in (''c1 c2'', ''c2 c1'', ''c3 c4'', ''c4 c3'')', 'of different roasters');
select cmp_ok(
  (select count(*) from draws where places = 4 and drawn like 'c1%'), '>', (select count(*) from draws where places = 4 and drawn like 'c4%'),
  'the best more often than the worst'
);

-- what a blind box hides
select pg_temp.bill(pg_temp.subscriber(3, p.blind)) from p;
select coffee.assemble_boxes();
create function pg_temp.left_out(p_subscription_id uuid) returns boolean language sql as $$
  select coalesce(bool_and(not exists (
    select
    from coffee._pick_coffees('d0000000-0000-0000-0000-000000000003', '100g', '2026-12-01', platform.now(), 3, '{}', $1) as c
    where c.coffee_id = i.coffee_id
  )), false)
  from coffee.subscription_orders as o join coffee.order_items as i on i.order_id = o.id
  where o.user_id = 'd0000000-0000-0000-0000-000000000003'
$$;
create function pg_temp.subscription() returns uuid language sql as $$
  select s.id from coffee.coffee_subscriptions as s where s.user_id = 'd0000000-0000-0000-0000-000000000003'
$$;
select is(
  (select count(*) from coffee._pick_coffees('d0000000-0000-0000-0000-000000000003', '100g', '2026-12-01', platform.now(), 3, '{}')), 4::bigint,
  'does not count for other boxes'
);
select ok(pg_temp.left_out(pg_temp.subscription()), 'but for the next blind one of the subscription');
select is(
  (select count(*) from coffee._pick_coffees('d0000000-0000-0000-0000-000000000003', '100g', '2026-12-01', platform.now(), 3, '{}', gen_random_uuid())),
  4::bigint, 'not for blind ones of another'
);
set local moadb.now = '2027-01-10 09:00+09';
update coffee.subscription_orders set status = 'paid' where user_id = 'd0000000-0000-0000-0000-000000000003' and status = 'pending';
select coffee.ship_order(o.id, 'T') from coffee.subscription_orders as o where o.user_id = 'd0000000-0000-0000-0000-000000000003';
set local moadb.now = '2027-03-10 09:00+09';
select ok(pg_temp.left_out(null), 'once it has told, for all');
set local moadb.now = '2026-11-01 09:00+09';

select * from finish();
rollback;
