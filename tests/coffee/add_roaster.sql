begin;
select plan(13);

select has_function('coffee', 'add_roaster', array['text', 'jsonb', 'text']);
select function_returns('coffee', 'add_roaster', array['text', 'jsonb', 'text'], 'uuid');
select volatility_is('coffee', 'add_roaster', array['text', 'jsonb', 'text'], 'volatile');
select is_definer('coffee', 'add_roaster', array['text', 'jsonb', 'text']);
select ok(has_function_privilege('coffee_admin', 'coffee.add_roaster(text, jsonb, text)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coffee_app', 'coffee.add_roaster(text, jsonb, text)', 'execute'), 'applications may not');

set local role coffee_admin;
create temporary table made on commit drop as
select coffee.add_roaster('모모스', '{"partnership_tier": "gold", "monthly_quota": 300}', 'key') as id;
select is(coffee.add_roaster('모모스', '{"partnership_tier": "gold", "monthly_quota": 300}', 'key'), (select m.id from made as m), 'the same request, the same roaster');
select throws_ok($$select coffee.add_roaster('', '{}')$$, 'MF008', null, 'no name');
select throws_ok($$select coffee.add_roaster(null, '{}')$$, 'MF008', null, 'null is no name');
select throws_ok($$select coffee.add_roaster('A', '{"partnership_tier": "tin"}')$$, 'MF008', null, 'no tier');
select throws_ok($$select coffee.add_roaster('A', '{"rating_total": 5}')$$, 'MF011', null, 'ratings are not given');
select throws_ok($$select coffee.add_roaster('B', '{}', 'key')$$, 'MP052', null, 'another request under the same key');
reset role;

select results_eq(
  'select r.name::text, r.partnership_tier::text, r.monthly_quota, r.average_rating from coffee.roasters as r',
  $$values ('모모스', 'gold', 300, null::numeric)$$, 'as it was given'
);

select * from finish();
rollback;
