begin;
select plan(17);

select has_function('coffee', '_is_hidden', array['uuid', 'uuid']);
select function_returns('coffee', '_is_hidden', array['uuid', 'uuid'], 'boolean');
select volatility_is('coffee', '_is_hidden', array['uuid', 'uuid'], 'stable');
select isnt_definer('coffee', '_is_hidden', array['uuid', 'uuid']);
select ok(not has_function_privilege('coffee_app', 'coffee._is_hidden(uuid, uuid)', 'execute'), 'nobody may call it');

\ir boxes.psql

create temporary table s as select pg_temp.subscriber(1, p.blind) as blind, pg_temp.subscriber(2, p.pick) as pick from p;
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price)
select s.blind, 0, 'extra', 'd0000000-0000-0000-0000-0000000000c1', '100g', 1, 9000 from s;
create temporary table b as select pg_temp.bill(s.blind) as blind, pg_temp.bill(s.pick) as pick from s;
-- what is drawn is chance: a box has two roasters, and this leaves one coffee of the second
update coffee.coffee_inventory set is_available = false where coffee_id = 'd0000000-0000-0000-0000-0000000000c4';
select coffee.assemble_boxes();
select coffee._pay_order(b.blind), coffee._pay_order(b.pick) from b;
create temporary table o as
select o.id, i.coffee_id, right(i.coffee_id::text, 2) as coffee, o.is_blind from coffee.subscription_orders as o join coffee.order_items as i on i.order_id = o.id;
create function pg_temp.hidden() returns text language sql as $$
  select string_agg(o.coffee, ' ' order by o.coffee) from o where coffee._is_hidden(o.id, o.coffee_id)
$$;
select is((select string_agg(o.coffee, ' ' order by o.coffee) from o where o.is_blind), 'c1 c2 c3', 'a blind box with an extra');
select is(pg_temp.hidden(), 'c2 c3', 'hides all but the extra');
select is((select bool_or(coffee._is_hidden(o.id, 'd0000000-0000-0000-0000-0000000000c4')) from o), false, 'not what is not in it');
select is(coffee._is_hidden(null, null), false, 'nothing');
select coffee.ship_order(o.id, null) from o where o.coffee = 'c1' and o.is_blind;
select is(pg_temp.hidden(), 'c2 c3', 'on its way');
-- coffee.v_blind_orders says it in its own words
create function pg_temp.differing() returns bigint language sql as $$
  select count(*)
  from coffee.v_blind_orders as v
  join coffee.order_items as i on i.id = v.order_item_id
  where v.is_revealed is distinct from not coffee._is_hidden(i.order_id, i.coffee_id)
$$;
select is(pg_temp.differing(), 0::bigint, 'the view for reports agrees');
insert into coffee.subscription_feedback (
  user_id, order_id, coffee_id, blind_guess, blind_guess_correct, blind_guess_score, guessed_at, guess_transaction
)
select 'd0000000-0000-0000-0000-000000000001', o.id, o.coffee_id, '{}', false, 0, platform.now(), pg_current_xact_id()
from o where o.is_blind and o.coffee = 'c2';
select is(pg_temp.hidden(), 'c2 c3', 'guessed in a transaction that can still take it back');
delete from coffee.subscription_feedback;
insert into coffee.subscription_feedback (
  user_id, order_id, coffee_id, blind_guess, blind_guess_correct, blind_guess_score, guessed_at, guess_transaction
)
select 'd0000000-0000-0000-0000-000000000001', o.id, o.coffee_id, '{}', false, 0, platform.now(), '1'
from o where o.is_blind and o.coffee = 'c2';
select is(pg_temp.hidden(), 'c3', 'guessed before');
select is(pg_temp.differing(), 0::bigint, 'the view agrees on what was guessed');
set local moadb.now = '2026-12-01 08:59:59+09';
select is(pg_temp.hidden(), 'c3', 'up to the last second');
set local moadb.now = '2026-12-01 09:00+09';
select is(pg_temp.hidden(), null, 'then it tells by itself');
select is(pg_temp.differing(), 0::bigint, 'the view, too');

select * from finish();
rollback;
