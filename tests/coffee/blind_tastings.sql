-- A blind box tells nothing before its time, whichever way one asks.
begin;
select plan(15);
\ir shop.psql

create function pg_temp.at(p_angle double precision) returns extensions.vector language sql as $$
  select (array[cosd($1), sind($1)] || array_fill(0::double precision, array[126]))::extensions.vector
$$;

-- a blind box is on its way to user 1: two bags, whose coffees nobody tells them
set local moadb.now = '2026-12-01 10:00+09';
select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -3, '{"street": "1"}');
select pg_temp.run('2026-12-01 10:00+09');
select coffee.ship_order(o.id, 'track') from coffee.subscription_orders as o;
create temporary table b as
select q.token, i.coffee_id, row_number() over (order by q.token) as n
from coffee.qr_codes as q
join coffee.order_items as i on i.id = q.order_item_id;
grant select on b to coffee_app;
create function pg_temp.taste(p_token text, p_layers jsonb, p_user uuid default 'f0000000-0000-0000-0000-0000000000a1') returns table (record_id uuid, created_at timestamptz)
language sql as $$
  select r.record_id, r.created_at
  from coffee.record_taste(
    $3, null, 'lab', $2, pg_temp.at(10), p_longitude => 127, p_latitude => 37, p_qr_token => $1, p_request_key => 'taste ' || ($2 ->> 'key')
  ) as r
$$;

set local role coffee_app;
-- T14: the code on a bag
select throws_ok(
  $$select pg_temp.taste(b.token, '{}', 'f0000000-0000-0000-0000-0000000000a2') from b where b.n = 1$$, 'MF072', null, 'T14: somebody else''s bag is unknown'
);
create temporary table t as select b.n, r.* from b cross join lateral pg_temp.taste(upper(b.token), '{"acidity": 3}') as r where b.n = 1;
select results_eq(
  $$select r.record_id, r.created_at from b cross join lateral pg_temp.taste(b.token, '{"acidity": 7}') as r where b.n = 1$$,
  'select t.record_id, t.created_at from t', 'T14: the same bag, the same record'
);
select is((select count(*) from coffee.list_tastes('f0000000-0000-0000-0000-0000000000a1')), 1::bigint, 'T14: one');
select results_eq(
  $$select l.taste_layers -> 'acidity', l.qr_scanned, l.blind_mode from coffee.list_tastes('f0000000-0000-0000-0000-0000000000a1') as l$$, $$values ('7'::jsonb, true, true)$$,
  'filled in anew'
);
select results_eq(
  $$
    select s.record_id, s.record_created_at, s.coffee_id
    from b cross join lateral coffee.scan_qr(b.token, 'f0000000-0000-0000-0000-0000000000a1') as s
    where b.n = 1
  $$,
  'select t.record_id, t.created_at, null::uuid from t', 'a scan finds that record'
);
select is((select l.coffee_id from coffee.list_tastes('f0000000-0000-0000-0000-0000000000a1') as l), null, 'one''s own record does not tell the coffee');
reset role;

-- ten records of user 2 at the same place and of the same taste
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, taste_vector, location, created_at)
select 'f0000000-0000-0000-0000-0000000000a2', c.id, 'lab', '{}', pg_temp.at(11), point(127, 37), platform.now() from coffee.coffees as c where c.id::text like 'f0000000%';
set local role coffee_app;
select is_empty(
  $$select n.record_id from coffee.records_nearby(127, 37, 100) as n join t on t.record_id = n.record_id$$, 'nor does the place'
);
select is(
  (
    select count(*)
    from coffee.list_tastes('f0000000-0000-0000-0000-0000000000a2', p_limit => 1) as l
    cross join lateral coffee.similar_records(l.record_id, l.created_at, 100) as s
    join t on t.record_id = s.record_id
  ),
  0::bigint, 'nor a friend''s record that tastes the same'
);
select is((select count(*) from coffee.recommend('f0000000-0000-0000-0000-0000000000a1', 100)), 10::bigint, 'nor what is left out of a recommendation');
select is(
  (select coalesce(sum((r.explanation -> 'neighbours')::integer), 0) from coffee.recommend('f0000000-0000-0000-0000-0000000000a2', 100, 0) as r), 0::bigint,
  'nor a friend''s recommendation'
);
reset role;

select pg_temp.run((select o.reveal_at + interval '1 minute' from coffee.subscription_orders as o order by o.created_at limit 1));
set local role coffee_app;
select is((select l.coffee_id from coffee.list_tastes('f0000000-0000-0000-0000-0000000000a1') as l), (select b.coffee_id from b where b.n = 1), 'until it tells by itself');
select is((select count(*) from coffee.recommend('f0000000-0000-0000-0000-0000000000a1', 100)), 8::bigint, 'then both were had');
select is(
  (select sum((r.explanation -> 'neighbours')::integer) from coffee.recommend('f0000000-0000-0000-0000-0000000000a2', 100, 0) as r), 1::bigint, 'and count for others'
);

-- what was recorded by a code can be deleted, and recorded anew
select coffee.delete_taste('f0000000-0000-0000-0000-0000000000a1', t.record_id, t.created_at) from t;
select isnt(
  (select r.record_id from b cross join lateral pg_temp.taste(b.token, '{"acidity": 5}') as r where b.n = 1), (select t.record_id from t),
  'another record of the same bag'
);
reset role;
select is_empty(
  $$select c.invariant from platform.check_invariants('coffee') as c where c.violations > 0$$, 'invariants hold'
);

select * from finish();
rollback;
