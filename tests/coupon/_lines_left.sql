begin;
select plan(13);

select has_function('coupon', '_lines_left', array['jsonb', 'jsonb']);
select function_returns('coupon', '_lines_left', array['jsonb', 'jsonb'], 'numeric[]');
select volatility_is('coupon', '_lines_left', array['jsonb', 'jsonb'], 'immutable');
select isnt_definer('coupon', '_lines_left', array['jsonb', 'jsonb']);
select ok(not has_function_privilege('coupon_app', 'coupon._lines_left(jsonb, jsonb)', 'execute'), 'applications may not call it');

create temporary table l as select '[{"id": "a", "amount": 1000}, {"id": "b", "amount": 500}]'::jsonb as lines;
select is(coupon._lines_left(l.lines, '[]'), '{1000,500}', 'nothing is held: all') from l;
select is(
  coupon._lines_left(l.lines, '[{"goods": 150, "lines": [{"id": "a", "discount": 100}, {"id": "b", "discount": 50}]}, {"goods": 50, "lines": [{"id": "b", "discount": 50}]}]'),
  '{900,400}', 'less what was granted on each line'
) from l;
select is(coupon._lines_left(l.lines, '[{"goods": 150, "lines": null}]'), '{900,450}', 'granted on the order: split') from l;
select is(coupon._lines_left(l.lines, '[{"goods": 150, "lines": [{"id": "gone", "discount": 150}]}]'), '{900,450}', 'granted on a line that is no more: split') from l;
select is(coupon._lines_left(l.lines, '[{"goods": 800, "lines": [{"id": "b", "discount": 800}]}]'), '{700,0}', 'a line that has become cheaper than its discount: the rest is split') from l;
select is(coupon._lines_left(l.lines, '[{"goods": 9999}]'), '{0,0}', 'never below nothing') from l;
select is(coupon._lines_left('[{"id": "a", "amount": 1}, {"id": "b", "amount": 1}, {"id": "c", "amount": 1}]', '[{"goods": 1}]'), '{0,1,1}', 'in whole coins');
select is(coupon._lines_left('[]', '[{"goods": 9999}]'), '{}', 'an empty order');

select * from finish();
rollback;
