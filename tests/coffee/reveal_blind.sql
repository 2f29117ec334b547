begin;
select plan(11);

select has_function('coffee', 'reveal_blind', array['uuid', 'uuid']);
select volatility_is('coffee', 'reveal_blind', array['uuid', 'uuid'], 'stable');
select is_definer('coffee', 'reveal_blind', array['uuid', 'uuid']);
select ok(has_function_privilege('coffee_app', 'coffee.reveal_blind(uuid, uuid)', 'execute'), 'applications may call it');

\ir boxes.psql

-- as if the guess had been made in an earlier transaction
create function pg_temp.commit() returns void language plpgsql as $$
begin
  set local session_replication_role = 'replica';
  update coffee.subscription_feedback as f set guess_transaction = '1' where f.guessed_at is not null;
  set local session_replication_role = 'origin';
end;
$$;

create temporary table s as select pg_temp.subscriber(1, p.blind) as blind, pg_temp.subscriber(2, p.pick) as pick from p;

insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price)
select s.blind, 0, 'extra', 'd0000000-0000-0000-0000-0000000000c1', '100g', 1, 9000 from s;

select pg_temp.bill(s.blind), pg_temp.bill(s.pick) from s;
-- what is drawn is chance: the box has two roasters, and this leaves one coffee of the second
update coffee.coffee_inventory set is_available = false where coffee_id = 'd0000000-0000-0000-0000-0000000000c4';
select coffee.assemble_boxes();

create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

select coffee._pay_order(o.period_id), coffee.ship_order(o.id, null) from o;
create function pg_temp.revealed() returns text language sql as $$
  select string_agg(coalesce(r.coffee_name || ' ' || r.roaster_name || ' ' || r.origin_country || coalesce(' ' || r.score || ' ' || r.is_correct, ''), '?'), ', ' order by r.coffee_name)
  from o cross join lateral coffee.reveal_blind('d0000000-0000-0000-0000-000000000001', o.id) as r where o.u = 1
$$;
select is(pg_temp.revealed(), '?, ?', 'two items, and nothing of them');
select is(
  (select bool_and(num_nonnulls(r.coffee_id, r.coffee_name, r.roaster_id, r.roaster_name, r.origin_country, r.processing_method, r.roaster_notes, r.guess, r.is_correct, r.score) = 0)
  from o cross join lateral coffee.reveal_blind('d0000000-0000-0000-0000-000000000001', o.id) as r where o.u = 1), true, 'nothing at all'
);
select coffee.submit_blind_guess('d0000000-0000-0000-0000-000000000001', o.id, i.id, p_coffee_id => i.coffee_id)
from o join coffee.order_items as i on i.order_id = o.id where i.coffee_id::text like '%c3' and o.u = 1;
select is(pg_temp.revealed(), '?, ?', 'nor in the transaction of the guess');
select pg_temp.commit();
select is(pg_temp.revealed(), 'coffee 3 South Kenya 100.00 true, ?', 'in the next');
set local moadb.now = '2026-12-01 09:00+09';
select is(pg_temp.revealed(), 'coffee 2 North Brazil, coffee 3 South Kenya 100.00 true', 'in the end');
select throws_ok('select coffee.reveal_blind(''d0000000-0000-0000-0000-000000000002'', o.id) from o where u = 1', 'MF070', null, 'somebody else''s');
select is_empty('select coffee.reveal_blind(''d0000000-0000-0000-0000-000000000002'', o.id) from o where u = 2', 'no blind box');

select * from finish();
rollback;
