begin;
select plan(18);

select has_function('coffee', '_write_row', array['text', 'uuid', 'jsonb']);
select function_returns('coffee', '_write_row', array['text', 'uuid', 'jsonb'], 'uuid');
select volatility_is('coffee', '_write_row', array['text', 'uuid', 'jsonb'], 'volatile');
select isnt_definer('coffee', '_write_row', array['text', 'uuid', 'jsonb']);
select ok(not has_function_privilege('coffee_app', 'coffee._write_row(text, uuid, jsonb)', 'execute'), 'applications may not');

select isnt(coffee._write_row('roasters', null, '{"name": "A", "partnership_tier": "gold"}'), null, 'a row is added');
select results_eq('select r.name::text, r.partnership_tier::text from coffee.roasters as r', $$values ('A', 'gold')$$, 'as it was given');
select is(coffee._write_row('roasters', r.id, '{"monthly_quota": 5}'), r.id, 'and changed') from coffee.roasters as r;
select results_eq('select r.name::text, r.monthly_quota from coffee.roasters as r', $$values ('A', 5)$$, 'the rest stays');
select is(coffee._write_row('roasters', r.id, '{}'), r.id, 'nothing is a change, too') from coffee.roasters as r;
select is(coffee._write_row('roasters', gen_random_uuid(), '{"monthly_quota": 5}'), null, 'no row');
select throws_ok($$select coffee._write_row('roasters', null, '[]')$$, 'MF008', 'the values are not accepted: it is no JSON object', 'no object');
select throws_ok($$select coffee._write_row('roasters', null, '{"name": ""}')$$, 'MF008', null, 'what a constraint refuses');
select throws_ok($$select coffee._write_row('roasters', null, '{"name": "A", "monthly_quota": "x"}')$$, 'MF008', null, 'what is no number');
select throws_ok(
  $$select coffee._write_row('roasters', null, '{"name": "A", "owner": "B"}')$$,
  'MF011', 'coffee.roasters has no term owner that can be given', 'what is no column'
);
select throws_ok(
  $$select coffee._write_row('roasters', null, '{"name": "A", "total_reviews": 5}')$$,
  'MF011', 'coffee.roasters has no term total_reviews that can be given', 'what the database keeps itself'
);
select throws_ok(
  $$select coffee._write_row('coffee_inventory', gen_random_uuid(), '{"current_stock": 5}')$$,
  'MF011', 'coffee.coffee_inventory has no term current_stock that can be given', 'stock'
);
select throws_ok(
  $$select coffee._write_row('coffees', null, '{"ctid": "(0,1)"}')$$,
  'MF011', 'coffee.coffees has no term ctid that can be given', 'a system column'
);

select * from finish();
rollback;
