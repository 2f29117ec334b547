begin;
select plan(13);

select has_function('coupon', '_eligible_lines', array['jsonb', 'jsonb']);
select function_returns('coupon', '_eligible_lines', array['jsonb', 'jsonb'], 'boolean[]');
select volatility_is('coupon', '_eligible_lines', array['jsonb', 'jsonb'], 'immutable');
select isnt_definer('coupon', '_eligible_lines', array['jsonb', 'jsonb']);
select ok(not has_function_privilege('coupon_app', 'coupon._eligible_lines(jsonb, jsonb)', 'execute'), 'applications may not call it');

create function pg_temp.lines() returns jsonb language sql as $$
  select '[
    {"id": "1", "product": "a", "categories": ["x", "y"]}, {"id": "2", "product": "b", "categories": ["y"]},
    {"id": "3", "product": null, "categories": []}
  ]'::jsonb
$$;
select is(coupon._eligible_lines('[]', pg_temp.lines()), array[true, true, true], 'no rules: all');
select is(coupon._eligible_lines('[{"rule": "min_amount", "value": 1}]', pg_temp.lines()), array[true, true, true], 'other rules say nothing about lines');
select is(coupon._eligible_lines('[{"rule": "products", "include": ["a", "z"]}]', pg_temp.lines()), array[true, false, false], 'these products');
select is(coupon._eligible_lines('[{"rule": "products", "exclude": ["a"]}]', pg_temp.lines()), array[false, true, true], 'all but these; what has no product is none of them');
select is(coupon._eligible_lines('[{"rule": "categories", "include": ["y"], "exclude": ["x"]}]', pg_temp.lines()), array[false, true, false], 'this category, and not that');
select is(
  coupon._eligible_lines('[{"rule": "products", "include": ["a", "b"]}, {"rule": "categories", "exclude": ["x"]}]', pg_temp.lines()),
  array[false, true, false], 'all rules at once'
);
select is(coupon._eligible_lines('[{"rule": "products", "include": ["a"]}]', '[{"id": null, "amount": 5}]'), array[false], 'an order without lines');
select is(coupon._eligible_lines('[]', '[]'), '{}', 'an empty order');

select * from finish();
rollback;
