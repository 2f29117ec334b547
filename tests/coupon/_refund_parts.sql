begin;
select plan(13);

select has_function('coupon', '_refund_parts', array['jsonb', 'jsonb', 'jsonb']);
select function_returns('coupon', '_refund_parts', array['jsonb', 'jsonb', 'jsonb'], 'jsonb');
select volatility_is('coupon', '_refund_parts', array['jsonb', 'jsonb', 'jsonb'], 'stable');
select isnt_definer('coupon', '_refund_parts', array['jsonb', 'jsonb', 'jsonb']);
select ok(not has_function_privilege('coupon_app', 'coupon._refund_parts(jsonb, jsonb, jsonb)', 'execute'), 'applications may not call it');

create function pg_temp.parts(p_lines jsonb, p_refunded jsonb default '[]', p_order jsonb default '[{"id": "a", "quantity": 4, "amount": 100}, {"id": "b", "quantity": 1, "amount": 30}]')
  returns text language sql as $$
  select string_agg(format('%s-%s/%s left %s', p ->> 'old', p ->> 'new', p ->> 'of', p ->> 'quantity_left'), ', ' order by n)
  from jsonb_array_elements(coupon._refund_parts(p_order, p_lines, p_refunded)) with ordinality as x (p, n)
$$;

select is(pg_temp.parts('[]'), '0-0/400 left 4, 0-0/30 left 1', 'nothing');
select is(pg_temp.parts('[{"id": "a", "quantity": 1}]'), '0-100/400 left 3, 0-0/30 left 1', 'one item');
select is(pg_temp.parts('[{"id": "a", "quantity": 1}, {"id": "a", "quantity": 1}]', '[{"id": "a", "quantity": 2}]'), '200-400/400 left 0, 0-0/30 left 1', 'one, and one, after two');
select is(pg_temp.parts('[{"id": "a", "amount": 10}]'), '0-40/400 left 4, 0-0/30 left 1', 'part of the price');
select is(pg_temp.parts('[{"id": "a"}]', '[{"id": "a", "amount": 10}, {"id": "b"}]'), '40-400/400 left 0, 30-30/30 left 0', 'what is left');
select is(pg_temp.parts('[{"amount": 10}, {"id": "x", "amount": 5}]', '[]', '[{"id": null, "amount": 100}]'), '0-15/100 left ', 'an order without lines');
select throws_ok($$select pg_temp.parts('[{"id": "a", "quantity": 3}]', '[{"id": "a", "amount": 26}]')$$, 'MC039', 'these lines cannot be refunded: line a is refunded more than once', 'more than is left');
select throws_ok($$select pg_temp.parts('[]', '[{"id": "c"}]')$$, 'MC039', 'these lines cannot be refunded: the order has no line c', 'another line');

select * from finish();
rollback;
