begin;
select plan(22);

select has_function('coffee', '_reserve_stock', array['uuid', 'text', 'integer', 'date', 'timestamp with time zone']);
select volatility_is('coffee', '_reserve_stock', array['uuid', 'text', 'integer', 'date', 'timestamp with time zone'], 'volatile');
select isnt_definer('coffee', '_reserve_stock', array['uuid', 'text', 'integer', 'date', 'timestamp with time zone']);
select ok(
  not has_function_privilege('coffee_app', 'coffee._reserve_stock(uuid, text, integer, date, timestamptz)', 'execute'), 'nobody may call it'
);

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name, monthly_quota) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster', 30);
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 18000);

select is_empty(
  $$select * from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c1', '100g', 1, '2026-12-01', null)$$,
  'what was never received cannot be promised'
);

select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 10, '2026-11-01', '2027-03-01', 'old');
select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 5, '2026-11-15', '2027-04-01', 'fresh');
select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 5, '2026-11-18', '2026-11-25', 'freshest');
select coffee.receive_stock('00000000-0000-0000-0000-0000000000c2', '100g', 100, '2026-11-18');
create function pg_temp.reserve(p_quantity integer, p_at text default '2026-12-01 00:00+00') returns text language sql as $$
  select string_agg(l.lot_code || ' ' || r.quantity, ', ' order by r.lot_id)
  from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c1', '100g', $1, '2026-12-15', $2::timestamptz) as r
  join coffee.stock_lots as l on l.id = r.lot_id
$$;

select is(pg_temp.reserve(3), 'fresh 3', 'the freshest roast that is still good at the time of the box');
select is(pg_temp.reserve(4), 'old 2, fresh 2', 'one box, two lots');
select results_eq(
  $$select i.current_stock, i.reserved_stock from coffee.coffee_inventory as i where i.coffee_id = '00000000-0000-0000-0000-0000000000c1'$$,
  'values (20, 7)', 'the inventory has it'
);
select results_eq(
  'select l.lot_code, l.remaining, l.reserved from coffee.stock_lots as l where l.lot_code is not null order by l.id',
  $$values ('old', 10, 2), ('fresh', 5, 5), ('freshest', 5, 0)$$, 'and so have its lots'
);
select results_eq(
  $$select m.kind, m.stock_change, m.reserve_change, m.quota_month, m.moved_at from coffee.stock_movements as m where m.kind = 'reserve' order by m.id$$,
  $$values ('reserve', 0, 3, '2026-12-01'::date, platform.now()), ('reserve', 0, 2, '2026-12-01', platform.now()), ('reserve', 0, 2, '2026-12-01', platform.now())$$,
  'the ledger says how'
);
select results_eq('select q.month, q.maximum, q.used from coffee.roaster_quotas as q', $$values ('2026-12-01'::date, 30, 7)$$, 'the roaster''s quota of the month counts it');

select is(pg_temp.reserve(9), null, 'eight that are good are left: nine are not promised');
select is(pg_temp.reserve(9, '2026-11-25 23:00+00'), 'old 4, freshest 5', 'unless the box is packed on the last good day');
select is(pg_temp.reserve(5), null, 'four are left');
update coffee.coffee_inventory set is_available = false where coffee_id = '00000000-0000-0000-0000-0000000000c1';
select is(pg_temp.reserve(1), null, 'what is not available is not promised');
update coffee.coffee_inventory set is_available = true where coffee_id = '00000000-0000-0000-0000-0000000000c1';

select is_empty(
  $$select * from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c2', '100g', 15, '2026-12-01', null)$$, 'beyond the roaster''s quota'
);
select is((select sum(q.used) from coffee.roaster_quotas as q), 16::bigint, 'and nothing is counted for it');
select isnt_empty(
  $$select * from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c2', '100g', 14, '2026-12-01', null)$$, 'up to the quota'
);
select isnt_empty(
  $$select * from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c2', '100g', 30, '2027-01-01', null)$$, 'the next month has its own'
);
update coffee.roasters set monthly_quota = null where id = '00000000-0000-0000-0000-0000000000a1';
select isnt_empty(
  $$select * from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c2', '100g', 40, '2027-01-01', null)$$, 'without a quota there is no limit'
);
select throws_ok(
  $$select * from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c2', '100g', 0, '2027-01-01', null)$$,
  'MF002', 'p_quantity 0 is not accepted: it is 1 or more', 'none'
);
select is_empty($$select c.invariant from platform.check_invariants('coffee') as c where c.violations > 0 and c.invariant <> 'coffee.stock_is_promised_to_boxes'$$, 'the other invariants hold');

select * from finish();
rollback;
