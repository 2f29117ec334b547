begin;
select plan(32);

select has_function('coffee', 'submit_feedback', array['uuid', 'uuid', 'uuid', 'integer', 'boolean', 'text', 'numeric', 'uuid', 'timestamp with time zone', 'text']);
select function_returns('coffee', 'submit_feedback', array['uuid', 'uuid', 'uuid', 'integer', 'boolean', 'text', 'numeric', 'uuid', 'timestamp with time zone', 'text'], 'uuid');
select volatility_is('coffee', 'submit_feedback', array['uuid', 'uuid', 'uuid', 'integer', 'boolean', 'text', 'numeric', 'uuid', 'timestamp with time zone', 'text'], 'volatile');
select is_definer('coffee', 'submit_feedback', array['uuid', 'uuid', 'uuid', 'integer', 'boolean', 'text', 'numeric', 'uuid', 'timestamp with time zone', 'text']);
select ok(has_function_privilege('coffee_app', 'coffee.submit_feedback(uuid, uuid, uuid, integer, boolean, text, numeric, uuid, timestamptz, text)', 'execute'), 'applications may call it');

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

select coffee._pay_order(o.period_id) from o;
create function pg_temp.rate(p_user integer, p_order integer, p_coffee text, p_rating integer, p_text text default null, p_key text default null)
  returns uuid language sql as $$
  select coffee.submit_feedback(
    ('d0000000-0000-0000-0000-00000000000' || $1)::uuid, o.id, ('d0000000-0000-0000-0000-0000000000' || $3)::uuid, $4, true, $5, p_request_key => $6
  ) from o where o.u = $2
$$;
select throws_ok('select pg_temp.rate(2, 2, ''c1'', 5)', 'MF071', null, 'nothing has arrived');
select coffee.ship_order(o.id, null) from o;
create temporary table f as select pg_temp.rate(2, 2, 'c1', 4, 'fine', 'k') as id;
select is(pg_temp.rate(2, 2, 'c1', 4, 'fine', 'k'), (select f.id from f), 'the same request again');
select is(pg_temp.rate(2, 2, 'c1', 5), (select f.id from f), 'a change of mind');
select results_eq(
  'select f.overall_rating, f.would_buy_again, f.feedback_text, f.created_at from coffee.subscription_feedback as f',
  $$values (5, true, 'fine', platform.now())$$, 'leaves what is not said again'
);
select results_eq('select c.average_rating, c.total_reviews from coffee.coffees as c where c.id::text like ''%c1''', 'values (5.00, 1)', 'one review');
select is((select count(*) from coffee.experience_entries as e where e.reason = 'feedback_given'), 1::bigint, 'it counts once');
select throws_ok('select pg_temp.rate(2, 2, ''c1'', 6)', 'MF002', 'p_overall_rating 6 is not accepted: it is 1 to 5', 'six stars');
select throws_ok('select pg_temp.rate(2, 2, ''c1'', 4, ''other'', ''k'')', 'MP052', null, 'another request under the key');
select throws_ok('select pg_temp.rate(1, 2, ''c1'', 5)', 'MF070', null, 'somebody else''s box');
select throws_ok('select pg_temp.rate(2, 2, ''c2'', 5)', 'MF075', null, 'what was not in it');
select throws_ok(
  'select coffee.submit_feedback(''d0000000-0000-0000-0000-000000000002'', o.id, ''d0000000-0000-0000-0000-0000000000c1'', p_taste_match_score => 101) from o where u = 2',
  'MF002', null, 'more than everything'
);
-- blind
select lives_ok('select pg_temp.rate(1, 1, ''c1'', 3)', 'the extra of a blind box is known');
select throws_ok(format('select pg_temp.rate(1, 1, %L, 5)', c), 'MF073', null, 'hidden, or not in it: ' || c) from unnest(array['c2', 'c3', 'c4', 'ff']) as c;
select is((select count(*) from coffee.subscription_feedback as f join o on o.id = f.order_id and u = 1), 1::bigint, 'nothing is left of that');
select coffee.submit_blind_guess('d0000000-0000-0000-0000-000000000001', o.id, i.id, p_origin_country => 'Peru')
from o join coffee.order_items as i on i.order_id = o.id and not i.is_extra where o.u = 1 and i.coffee_id::text like '%c2';
select throws_ok('select pg_temp.rate(1, 1, ''c2'', 5)', 'MF073', null, 'guessed, and not committed');
select pg_temp.commit();
select lives_ok('select pg_temp.rate(1, 1, ''c2'', 2)', 'guessed');
select throws_ok(format('select pg_temp.rate(1, 1, %L, 5)', c), 'MF073', null, 'still hidden, or not in it: ' || c) from unnest(array['c3', 'c4']) as c;
set local moadb.now = '2026-12-01 09:00+09';
select lives_ok('select pg_temp.rate(1, 1, ''c3'', 5)', 'told');
select throws_ok('select pg_temp.rate(1, 1, ''c4'', 5)', 'MF075', null, 'not in it');
-- a record of the coffee
create temporary table r as
select r.* from coffee.record_taste('d0000000-0000-0000-0000-000000000002', 'd0000000-0000-0000-0000-0000000000c1', 'lab', '{"acidity": 5}') as r;
select lives_ok(
  $$select coffee.submit_feedback('d0000000-0000-0000-0000-000000000002', o.id, 'd0000000-0000-0000-0000-0000000000c1',
    p_lab_record_id => r.record_id, p_lab_record_created_at => r.created_at) from o, r where o.u = 2$$, 'with a record'
);
select throws_ok(
  $$select coffee.submit_feedback('d0000000-0000-0000-0000-000000000001', o.id, 'd0000000-0000-0000-0000-0000000000c1',
    p_lab_record_id => r.record_id, p_lab_record_created_at => r.created_at) from o, r where o.u = 1$$, 'MF077', null, 'somebody else''s record'
);
select throws_ok(
  $$select coffee.submit_feedback('d0000000-0000-0000-0000-000000000002', o.id, 'd0000000-0000-0000-0000-0000000000c3',
    p_lab_record_id => r.record_id, p_lab_record_created_at => r.created_at) from o, r where o.u = 2$$, 'MF077', null, 'of another coffee'
);
select throws_ok(
  $$select coffee.submit_feedback('d0000000-0000-0000-0000-000000000002', o.id, 'd0000000-0000-0000-0000-0000000000c1',
    p_lab_record_id => r.record_id) from o, r where o.u = 2$$, 'MF077', null, 'half of its key'
);

select * from finish();
rollback;
