begin;
select plan(26);

select has_function('coupon', '_compare_attribute', array['jsonb', 'text', 'jsonb']);
select function_returns('coupon', '_compare_attribute', array['jsonb', 'text', 'jsonb'], 'boolean');
select volatility_is('coupon', '_compare_attribute', array['jsonb', 'text', 'jsonb'], 'immutable');
select isnt_definer('coupon', '_compare_attribute', array['jsonb', 'text', 'jsonb']);
select ok(not has_function_privilege('coupon_app', 'coupon._compare_attribute(jsonb, text, jsonb)', 'execute'), 'applications may not call it');

select is(coupon._compare_attribute('1', '=', '1.0'), true, 'the same number');
select is(coupon._compare_attribute('"1"', '=', '1'), false, 'a string is no number');
select is(coupon._compare_attribute('true', '<>', 'false'), true, 'different');
select is(coupon._compare_attribute('19', '>=', '19'), true, 'at least');
select is(coupon._compare_attribute('9', '<', '10'), true, 'as numbers, not as letters');
select is(coupon._compare_attribute('10', '<=', '9'), false, 'at most');
select is(coupon._compare_attribute('"2026-02-01"', '>', '"2026-01-31"'), true, 'dates as they are written');
select is(coupon._compare_attribute('"19"', '>', '18'), null, 'what cannot be compared is neither');
select is(coupon._compare_attribute('"a"', 'in', '["a", "b"]'), true, 'one of');
select is(coupon._compare_attribute('["a", "c"]', 'in', '["a", "b"]'), true, 'of a list, one');
select is(coupon._compare_attribute('["c"]', 'in', '["a", "b"]'), false, 'or none');
select is(coupon._compare_attribute('[]', 'in', '["a", "b"]'), false, 'nothing is not one of them');
select is(coupon._compare_attribute('["alcohol", "food"]', 'not in', '["alcohol"]'), false, 'one of a list is too many');
select is(coupon._compare_attribute('[]', 'not in', '["a"]'), true, 'nothing is none of them');
select is(coupon._compare_attribute('["c", 1]', 'not in', '["a"]'), true, 'none of a list');
select is(coupon._compare_attribute('"c"', 'not in', '["a", "b"]'), true, 'none of');
select is(coupon._compare_attribute(a.actual, a.op, a.value), null, format('%s %s %s', a.actual, a.op, a.value))
from (values
  ('[]'::jsonb, '<>', '1'::jsonb), ('{}', '<>', '1'), ('{"a": 1}', 'in', '["a"]'), ('[["x"]]', 'not in', '["x"]'), ('[{}]', 'in', '["x"]')
) as a (actual, op, value);

select * from finish();
rollback;
