begin;
select plan(20);

select has_function('coffee', 'submit_blind_guess', array['uuid', 'uuid', 'bigint', 'uuid', 'uuid', 'text', 'text', 'text']);
select function_returns('coffee', 'submit_blind_guess', array['uuid', 'uuid', 'bigint', 'uuid', 'uuid', 'text', 'text', 'text'], 'uuid');
select volatility_is('coffee', 'submit_blind_guess', array['uuid', 'uuid', 'bigint', 'uuid', 'uuid', 'text', 'text', 'text'], 'volatile');
select is_definer('coffee', 'submit_blind_guess', array['uuid', 'uuid', 'bigint', 'uuid', 'uuid', 'text', 'text', 'text']);
select ok(has_function_privilege('coffee_app', 'coffee.submit_blind_guess(uuid, uuid, bigint, uuid, uuid, text, text, text)', 'execute'), 'applications may call it');

\ir boxes.psql

-- as if the guess had been made in an earlier transaction
create function pg_temp.commit() returns void language plpgsql as $$
begin
  set local session_replication_role = 'replica';
  update coffee.subscription_feedback as f set guess_transaction = '1' where f.guessed_at is not null;
  set local session_replication_role = 'origin';
end;
$$;

select pg_temp.bill(pg_temp.subscriber(1, p.blind)), pg_temp.bill(pg_temp.subscriber(2, p.pick)) from p;
update coffee.coffee_inventory set is_available = right(coffee_id::text, 2) in ('c1', 'c3');
select coffee.assemble_boxes();
update coffee.coffee_inventory set is_available = true;

create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

select coffee._pay_order(o.period_id) from o;
create temporary table i as select i.id, i.coffee_id, right(i.coffee_id::text, 2) as coffee, o.u from coffee.order_items as i join o on o.id = i.order_id;
create function pg_temp.guess(p_user integer, p_order integer, p_item text, p_coffee text, p_country text default null, p_key text default null)
  returns uuid language sql as $$
  select coffee.submit_blind_guess(
    ('d0000000-0000-0000-0000-00000000000' || $1)::uuid, o.id, (select i.id from i where i.u = $2 and i.coffee = $3),
    ('d0000000-0000-0000-0000-0000000000' || $4)::uuid, null, $5, null, $6
  ) from o where o.u = $2
$$;
select throws_ok('select pg_temp.guess(1, 1, ''c1'', ''c1'')', 'MF074', null, 'nothing has arrived');
select coffee.ship_order(o.id, null) from o;
select throws_ok('select pg_temp.guess(1, 1, ''c1'', null)', 'MF001', null, 'nothing is guessed');
select throws_ok('select pg_temp.guess(1, 1, ''c1'', ''ff'')', 'MF002', null, 'no coffee');
select throws_ok('select pg_temp.guess(1, 1, null, ''c1'')', 'MF001', 'p_order_item_id is null', 'which of two');
select throws_ok('select pg_temp.guess(2, 1, ''c1'', ''c1'')', 'MF070', null, 'somebody else''s');
select throws_ok('select pg_temp.guess(2, 2, ''c1'', ''c1'')', 'MF074', null, 'no blind box');
select throws_ok(
  'select coffee.submit_blind_guess(''d0000000-0000-0000-0000-000000000001'', o.id, -1, p_origin_country => ''Kenya'') from o where u = 1', 'MF075', null,
  'no such item'
);
create temporary table g as select pg_temp.guess(1, 1, 'c1', 'c3', 'Kenya', 'k') as id;
select is(pg_temp.guess(1, 1, 'c1', 'c3', 'Kenya', 'k'), (select g.id from g), 'the same request again');
select results_eq(
  'select f.coffee_id, f.blind_guess, f.blind_guess_coffee_id, f.blind_guess_correct, f.blind_guess_score, f.guessed_at, f.overall_rating from coffee.subscription_feedback as f',
  $$values ('d0000000-0000-0000-0000-0000000000c1'::uuid, '{"coffee_id": "d0000000-0000-0000-0000-0000000000c3", "origin_country": "Kenya"}'::jsonb,
    'd0000000-0000-0000-0000-0000000000c3'::uuid, false, 50.00, platform.now(), null::integer)$$, 'kept, with its score'
);
select throws_ok('select pg_temp.guess(1, 1, ''c1'', ''c1'')', 'MF074', null, 'once');
select throws_ok('select pg_temp.guess(1, 1, ''c1'', ''c4'')', 'MF074', null, 'whatever the guess');
select isnt(pg_temp.guess(1, 1, null, 'c3'), null, 'the only one that is left');
select results_eq(
  'select f.blind_guess_correct, f.blind_guess_score from coffee.subscription_feedback as f where f.coffee_id::text like ''%c3''', 'values (true, 100.00)', 'right'
);
select is((select count(*) from coffee.experience_entries as e where e.reason = 'blind_guess'), 2::bigint, 'a guess counts, right or wrong');
select pg_temp.bill(pg_temp.subscriber(3, p.blind)) from p;
select coffee.assemble_boxes();
insert into o select o.id, o.period_id, o.order_number, 3 from coffee.subscription_orders as o where o.status = 'pending';
insert into i select i.id, i.coffee_id, right(i.coffee_id::text, 2), 3 from coffee.order_items as i join o on o.id = i.order_id and o.u = 3;
select coffee._pay_order(o.period_id), coffee.ship_order(o.id, null) from o where u = 3;
set local moadb.now = '2026-12-01 09:00+09';
select throws_ok('select pg_temp.guess(3, 3, ''c1'', ''c1'')', 'MF074', null, 'after it has told');

select * from finish();
rollback;
