begin;
select plan(18);

select has_function('coffee', 'edit_plan', array['bigint', 'jsonb']);
select function_returns('coffee', 'edit_plan', array['bigint', 'jsonb'], 'void');
select volatility_is('coffee', 'edit_plan', array['bigint', 'jsonb'], 'volatile');
select is_definer('coffee', 'edit_plan', array['bigint', 'jsonb']);
select ok(has_function_privilege('coffee_admin', 'coffee.edit_plan(bigint, jsonb)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coffee_app', 'coffee.edit_plan(bigint, jsonb)', 'execute'), 'applications may not');

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;

create temporary table p as select coffee.create_plan('t1', 'One', 'my_choice', 30000) as id, coffee.create_plan('t2', 'Two', 'blind_box', 30000) as other;
select lives_ok($$select coffee.edit_plan(p.id, '{"type": "monthly_pick", "price_per_month": 31000}') from p$$, 'anything, before it is subscribed to');
select lives_ok($$select coffee.edit_plan(p.id, '{}') from p$$, 'nothing');
select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.id, '{"a": 1}') from p;
select lives_ok($$select coffee.edit_plan(p.id, '{"price_per_month": 32000, "cutoff": "1 day", "is_active": false}') from p$$, 'what is free, after that');
select results_eq(
  'select l.price_per_month, l.cutoff, l.is_active from coffee.plans as l join p on p.id = l.id', $$values (32000.00, interval '1 day', false)$$, 'changed'
);
select is(
  (select t.price_per_month from coffee.coffee_subscriptions as t join p on p.id = t.plan_id), 31000.00, 'who has subscribed pays what was agreed'
);
select throws_ok($$select coffee.edit_plan(p.id, '{"type": "blind_box"}') from p$$, 'MF035', null, 'what is fixed');
select throws_ok($$select coffee.edit_plan(p.id, '{"code": "t2"}') from p$$, 'MF034', 'there is a plan t2 already', 'another''s code');
select throws_ok($$select coffee.edit_plan(p.id, '{"colour": 1}') from p$$, 'MF033', null, 'an unknown term');
select throws_ok($$select coffee.edit_plan(p.id, '{"price_per_month": 0.1}') from p$$, 'MF002', null, 'a tenth of a won');
select throws_ok($$select coffee.edit_plan(-1, '{}')$$, 'MF021', null, 'no plan');
select throws_ok($$select coffee.edit_plan(null, '{}')$$, 'MF001', 'p_plan_id is null', 'nothing');
select throws_ok($$select coffee.edit_plan(p.id, null) from p$$, 'MF001', 'p_changes is null', 'no changes');

select * from finish();
rollback;
