begin;
select plan(19);

select has_function('coffee', '_subscription_feedback_keep', array[]::text[]);
select function_returns('coffee', '_subscription_feedback_keep', array[]::text[], 'trigger');
select isnt_definer('coffee', '_subscription_feedback_keep', array[]::text[]);
select trigger_is('coffee', 'subscription_feedback', 'subscription_feedback_box', 'coffee', '_subscription_feedback_keep');
select trigger_is('coffee', 'subscription_feedback', 'subscription_feedback_keep', 'coffee', '_keep_rows');
select trigger_is('coffee', 'subscription_feedback', 'subscription_feedback_updated_at', 'platform', 'update_updated_at');

\ir boxes.psql

select pg_temp.bill(pg_temp.subscriber(1, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c2", "quantity": 2}]')), pg_temp.bill(pg_temp.subscriber(2, p.blind)) from p;
select coffee.assemble_boxes();
create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

create function pg_temp.insert(p_user integer, p_order integer, p_coffee text) returns text language sql as $$
  insert into coffee.subscription_feedback (user_id, order_id, coffee_id, overall_rating)
  select ('d0000000-0000-0000-0000-00000000000' || $1)::uuid, o.id, ('d0000000-0000-0000-0000-0000000000' || $3)::uuid, 3 from o where u = $2
  returning overall_rating::text
$$;
select pg_temp.pay();
select throws_ok('select pg_temp.insert(1, 1, ''c2'')', 'MF075', null, 'a box that has not left');
select coffee.ship_order(o.id, null) from o;
select is(pg_temp.insert(1, 1, 'c2'), '3', 'the customer''s own');
select throws_ok('select pg_temp.insert(2, 1, ''c2'')', 'MF075', null, 'somebody else');
select throws_ok('select pg_temp.insert(1, 1, ''c1'')', 'MF075', null, 'what is not in it');
select throws_ok('update coffee.subscription_feedback set ' || c, 'MF003', 'update on coffee.subscription_feedback is refused', c)
from unnest(array['id = gen_random_uuid()', 'user_id = ''d0000000-0000-0000-0000-000000000002''', 'coffee_id = ''d0000000-0000-0000-0000-0000000000c1''']) as c;
select coffee.submit_blind_guess('d0000000-0000-0000-0000-000000000002', o.id, i.id, p_origin_country => 'Peru')
from o join lateral (select min(i.id) as id from coffee.order_items as i where i.order_id = o.id) as i on true where o.u = 2;
select throws_ok('update coffee.subscription_feedback set ' || c || ' where guessed_at is not null', 'MF003', null, c)
from unnest(array['blind_guess_score = 79', 'blind_guess = ''{}''', 'guess_transaction = ''3''', 'guessed_at = now() + interval ''1 day''']) as c;
select throws_ok('update coffee.subscription_feedback set guessed_at = now() where guessed_at is null', '23514', null, 'half a guess');
set local moadb.now = '2026-11-09 09:00+09';
update coffee.subscription_feedback set overall_rating = 5;
select is((select bool_and(f.updated_at = platform.now()) from coffee.subscription_feedback as f), true, 'when it was changed');

select * from finish();
rollback;
