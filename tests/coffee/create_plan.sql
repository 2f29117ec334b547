begin;
select plan(24);

select has_function('coffee', 'create_plan', array['text', 'text', 'text', 'numeric', 'text', 'integer', 'boolean', 'jsonb', 'text']);
select function_returns('coffee', 'create_plan', array['text', 'text', 'text', 'numeric', 'text', 'integer', 'boolean', 'jsonb', 'text'], 'bigint');
select volatility_is('coffee', 'create_plan', array['text', 'text', 'text', 'numeric', 'text', 'integer', 'boolean', 'jsonb', 'text'], 'volatile');
select is_definer('coffee', 'create_plan', array['text', 'text', 'text', 'numeric', 'text', 'integer', 'boolean', 'jsonb', 'text']);
select ok(has_function_privilege('coffee_admin', 'coffee.create_plan(text, text, text, numeric, text, integer, boolean, jsonb, text)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coffee_app', 'coffee.create_plan(text, text, text, numeric, text, integer, boolean, jsonb, text)', 'execute'), 'applications may not');

create temporary table p as select coffee.create_plan('t1', 'One', 'my_choice', 30000, p_terms => '{"unit": "60g", "cutoff": "5 days"}', p_request_key => 'k') as id;
select is(
  coffee.create_plan('t1', 'One', 'my_choice', 30000, p_terms => '{"unit": "60g", "cutoff": "5 days"}', p_request_key => 'k'), (select p.id from p), 'once for one key'
);
select results_eq(
  $$select l.code, l.type::text, l.price_per_month, l.currency, l.unit::text, l.cutoff, l.items_per_box from coffee.plans as l join p on p.id = l.id$$,
  $$values ('t1', 'my_choice', 30000.00, 'KRW', '60g', interval '5 days', 2)$$, 'made'
);
select is((select count(*) from platform.audit_log as a where a.table_name = 'plans'), 1::bigint, 'and recorded');
select throws_ok($$select coffee.create_plan('t2', 'One', 'my_choice', 30000, p_request_key => 'k')$$, 'MP052', null, 'another request under the key');
select throws_ok($$select coffee.create_plan('t1', 'Two', 'my_choice', 30000)$$, 'MF034', 'there is a plan t1 already', 'the same code');
select throws_ok($$select coffee.create_plan('t2', 'Two', 'box', 30000)$$, 'MF033', null, 'no type');
select throws_ok($$select coffee.create_plan('t2', 'Two', 'my_choice', -1)$$, 'MF033', null, 'less than nothing');
select throws_ok($$select coffee.create_plan('t2', 'Two', 'my_choice', 0.5)$$, 'MF002', null, 'half a won');
select throws_ok($$select coffee.create_plan('t2', 'Two', 'my_choice', 1, 'XXX')$$, 'MF033', null, 'no currency');
select throws_ok($$select coffee.create_plan('t2', 'Two', 'my_choice', 1, 'KRW', 25)$$, 'MF033', null, 'too long');
select throws_ok($$select coffee.create_plan('t2', 'Two', 'my_choice', 1, p_terms => '{"colour": 1}')$$, 'MF033', null, 'an unknown term');
select throws_ok($$select coffee.create_plan('t2', 'Two', 'my_choice', 1, p_terms => '{"code": "x"}')$$, 'MF033', null, 'a term twice');
select throws_ok($$select coffee.create_plan('t2', 'Two', 'my_choice', 1, p_terms => '[]')$$, 'MF033', null, 'no terms');
select throws_ok($$select coffee.create_plan('t2', 'Two', 'my_choice', 1, p_terms => '{"cutoff": "soon"}')$$, 'MF033', null, 'no cut-off');
select throws_ok(
  $$select coffee.create_plan('t2', 'Two', 'my_choice', 1, p_terms => '{"dunning_policy": "none of them"}')$$, 'MF033', null, 'no dunning policy'
);
select throws_ok($$select coffee.create_plan('t2', null, 'my_choice', 1)$$, 'MF033', null, 'no name');

select throws_ok($$select coffee.create_plan((select string_agg(md5(n::text), '') from generate_series(1, 2000) as n), 'x', 'monthly_pick', 1)$$, 'MF033', null, 'a code longer than an index holds');

select throws_ok('select coffee.create_plan(''cents'', ''C'', ''monthly_pick'', 1.005, ''USD'')', 'MF002', 'p_price_per_month 1.005 is not accepted: it is 0 or more, with at most 2 decimals', 'a price is not rounded');

select * from finish();
rollback;
